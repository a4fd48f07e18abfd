package io.notify.jdbc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** All that differs between the databases; every other statement is the same for the three. */
enum Dialect {
    H2("h2", "org.h2.Driver"),
    POSTGRESQL("postgresql", "org.postgresql.Driver"),
    MARIADB("mariadb", "org.mariadb.jdbc.Driver");

    private static final String LOCATION = "io/notify/jdbc/migration/";

    private final String directory;
    private final String driver;

    Dialect(String directory, String driver) {
        this.directory = directory;
        this.driver = driver;
    }

    /** By the start of a JDBC URL; null if it is none that we know. */
    static @Nullable Dialect ofUrl(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith("jdbc:h2:")) {
            return H2;
        }
        if (lower.startsWith("jdbc:postgresql:")) {
            return POSTGRESQL;
        }
        return lower.startsWith("jdbc:mariadb:") || lower.startsWith("jdbc:mysql:") ? MARIADB : null;
    }

    /** By what a connection says of itself. */
    static @Nullable Dialect ofProduct(String product) {
        return switch (product) {
            case "H2" -> H2;
            case "PostgreSQL" -> POSTGRESQL;
            case "MariaDB", "MySQL" -> MARIADB;
            default -> null;
        };
    }

    String driver(String url) {
        return url.toLowerCase(Locale.ROOT).startsWith("jdbc:mysql:") ? "com.mysql.cj.jdbc.Driver" : driver;
    }

    /** The class path folder of the migrations. */
    String migrations() {
        return LOCATION + directory;
    }

    /** Advances the head and answers it, in one statement; null if that takes two. */
    @Nullable
    String advanceAndRead() {
        String update = "UPDATE notification_head SET seq = seq + ? WHERE id = 1";
        return switch (this) {
            case H2 -> "SELECT epoch, seq, purged_through FROM FINAL TABLE (" + update + ")";
            case POSTGRESQL -> update + " RETURNING epoch, seq, purged_through";
            case MARIADB -> null;
        };
    }

    UserRows userRows() {
        return this == H2 ? UserRows.PLACED : UserRows.INDEXED;
    }

    /** What our pool's connections are made with, beyond user and password; the URL may say otherwise. */
    Map<String, String> connectionProperties() {
        // a server that accepts but does not answer must not hold the pool's only adding thread
        return switch (this) {
            case H2 -> Map.of();
            // seconds
            case POSTGRESQL ->
                Map.of(
                        "connectTimeout",
                        "2",
                        "loginTimeout",
                        "2",
                        "tcpKeepAlive",
                        "true",
                        "reWriteBatchedInserts",
                        "true");
            // milliseconds; the latter ends a sign-in, and each statement of ours brings its own
            case MARIADB -> Map.of("connectTimeout", "2000", "socketTimeout", "5000", "useBulkStmts", "true");
        };
    }

    /** @param ours whether the connections are our pool's, or the host's */
    QueryTimeout queryTimeout(boolean ours) {
        return switch (this) {
            case H2 -> QueryTimeout.SESSION;
            case POSTGRESQL -> ours ? QueryTimeout.SERVER : QueryTimeout.STATEMENT;
            case MARIADB -> QueryTimeout.STATEMENT;
        };
    }

    /** What is beside the database's file, if that is a file of this machine and of H2. */
    Witness witness(Handle handle) {
        if (this != H2) {
            return Witness.inMind();
        }
        // null for one in memory; a server of H2's would name a path of its own machine
        return handle.createQuery("CALL DATABASE_PATH()")
                .mapTo(String.class)
                .findOne()
                .filter(path -> Files.exists(Path.of(path + ".mv.db")))
                .map(path -> Witness.beside(Path.of(path)))
                .orElseGet(Witness::inMind);
    }

    /**
     * Syncs what was committed, where that is ours to do. Only H2 commits without it.
     *
     * @param handle outside a transaction
     */
    void sync(Handle handle) {
        if (this == H2) {
            handle.execute("CHECKPOINT SYNC");
        }
    }

    /** The server's settings that durability rests on, and what they may be. */
    private List<Map.Entry<String, String>> powerSettings() {
        return switch (this) {
            case H2 -> List.of();
            case POSTGRESQL ->
                List.of(
                        Map.entry("fsync", "on"),
                        Map.entry("synchronous_commit", "on|local|remote_write|remote_apply"));
            case MARIADB -> List.of(Map.entry("innodb_flush_log_at_trx_commit", "1"));
        };
    }

    /** Which of the server's settings would lose commits with the power, as {@code name = value (expected: …)}; null if none. */
    @Nullable
    String powerDoubt(Handle handle) {
        for (Map.Entry<String, String> setting : powerSettings()) {
            String name = setting.getKey();
            String value = handle.createQuery(this == POSTGRESQL ? "SHOW " + name : "SELECT @@" + name)
                    .mapTo(String.class)
                    .one();
            if (!value.matches(setting.getValue())) {
                return name + " = " + value + " (expected: "
                        + setting.getValue().replace("|", ", ") + ")";
            }
        }
        return null;
    }
}
