package io.notify.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** All that differs between the databases; every other statement is the same for each. */
enum Dialect {
    SQLITE("sqlite", "org.sqlite.JDBC"),
    POSTGRESQL("postgresql", "org.postgresql.Driver"),
    MARIADB("mariadb", "org.mariadb.jdbc.Driver"),
    H2("h2", "org.h2.Driver");

    private static final String LOCATION = "io/notify/jdbc/migration/";

    /** Free pages of an SQLite file that are kept for new rows, and how many go back to the system at once. */
    private static final long KEPT_PAGES = 4_096;

    private static final long PAGES_AT_ONCE = 512;

    private final String directory;
    private final String driver;

    Dialect(String directory, String driver) {
        this.directory = directory;
        this.driver = driver;
    }

    /** By the start of a JDBC URL; null if it is none that we know. */
    static @Nullable Dialect ofUrl(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith("jdbc:sqlite:")) {
            return SQLITE;
        }
        if (lower.startsWith("jdbc:postgresql:")) {
            return POSTGRESQL;
        }
        if (lower.startsWith("jdbc:h2:")) {
            return H2;
        }
        return lower.startsWith("jdbc:mariadb:") || lower.startsWith("jdbc:mysql:") ? MARIADB : null;
    }

    /** By what a connection says of itself. */
    static @Nullable Dialect ofProduct(String product) {
        return switch (product) {
            case "SQLite" -> SQLITE;
            case "PostgreSQL" -> POSTGRESQL;
            case "MariaDB", "MySQL" -> MARIADB;
            case "H2" -> H2;
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
            case POSTGRESQL -> update + " RETURNING epoch, seq, purged_through";
            case SQLITE, MARIADB, H2 -> null;
        };
    }

    /** Ends a query whose rows this transaction is about to change. SQLite has one writer, which needs no row locks. */
    String forUpdate() {
        return this == SQLITE ? "" : " FOR UPDATE";
    }

    void bindTime(PreparedStatement statement, int parameter, Instant time) throws SQLException {
        if (this == SQLITE) {
            statement.setString(parameter, Times.text(time));
        } else {
            statement.setObject(parameter, Times.dateTime(time));
        }
    }

    /** What connections of our own are made with, beyond user and password; the URL may say otherwise. */
    Map<String, String> connectionProperties() {
        // a server that accepts but does not answer must not hold the pool's only adding thread
        return switch (this) {
            case SQLITE, H2 -> Map.of();
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
            // milliseconds; the latter ends a sign-in, and each statement brings its own. Bulk statements answer no
            // counts
            case MARIADB ->
                Map.of(
                        "connectTimeout",
                        "2000",
                        "socketTimeout",
                        "5000",
                        "useBulkStmts",
                        "false",
                        "useBulkStmtsForInserts",
                        "true");
        };
    }

    /** @param ours whether the connections are our pool's, or the host's */
    QueryTimeout queryTimeout(boolean ours) {
        return switch (this) {
            case SQLITE -> QueryTimeout.PROGRESS;
            case POSTGRESQL -> ours ? QueryTimeout.SERVER : QueryTimeout.STATEMENT;
            case MARIADB -> QueryTimeout.STATEMENT;
            case H2 -> QueryTimeout.SESSION;
        };
    }

    /**
     * Gives an SQLite file's free pages back to the system once they are many; other databases see to theirs by themselves.
     *
     * @param handle outside a transaction
     * @return whether there is more to give back
     */
    boolean giveSpaceBack(Handle handle) {
        if (this != SQLITE) {
            return false;
        }
        long free = pragma(handle, "freelist_count");
        if (free < KEPT_PAGES || free < pragma(handle, "page_count") / 4) {
            return false;
        }
        handle.createQuery("PRAGMA incremental_vacuum(" + PAGES_AT_ONCE + ")")
                .map((row, context) -> 1)
                .list();
        return true;
    }

    private static long pragma(Handle handle, String name) {
        return handle.createQuery("PRAGMA " + name).mapTo(Long.class).one();
    }

    /** The server's settings that durability rests on, and what they may be. */
    private List<Map.Entry<String, String>> powerSettings() {
        return switch (this) {
            case SQLITE, H2 -> List.of();
            case POSTGRESQL ->
                List.of(
                        Map.entry("fsync", "on"),
                        Map.entry("synchronous_commit", "on|local|remote_write|remote_apply"));
            case MARIADB -> List.of(Map.entry("innodb_flush_log_at_trx_commit", "1"));
        };
    }

    /** Why commits would be lost with the power, as {@code name = value (expected: …)}; null if they would not. */
    @Nullable
    String powerDoubt(Handle handle) {
        if (this == H2) {
            return "H2, which syncs no commit (expected: SQLite, PostgreSQL or MariaDB)";
        }
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
