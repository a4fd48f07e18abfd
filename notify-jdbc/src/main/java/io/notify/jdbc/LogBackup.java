package io.notify.jdbc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Copies an SQLite log to another file while a server writes to it. The copy is one moment of the log, compacted.
 *
 * <p>Servers such as PostgreSQL bring tools of their own ({@code pg_dump}, {@code mariadb-dump}).
 */
public final class LogBackup {
    private LogBackup() {}

    /**
     * Writes the copy. Blocks until it is done; sends go on meanwhile, and the write-ahead log grows by what they add.
     *
     * @param url {@code jdbc:sqlite:} and the path of the log
     * @param target the file to make
     * @throws IllegalArgumentException if the URL names no SQLite file, that file is missing, or the target exists
     * @throws IllegalStateException if the copy cannot be made
     */
    public static void write(String url, Path target) {
        if (Dialect.ofUrl(url) != Dialect.SQLITE) {
            throw new IllegalArgumentException("backup: " + JdbcNotificationLog.Builder.scheme(url)
                    + " (expected: jdbc:sqlite:; other databases have tools of their own)");
        }
        SqliteFile file = SqliteFile.of(url, Durability.PROCESS, Duration.ofSeconds(10));
        if (!Files.exists(file.path())) {
            throw new IllegalArgumentException("backup: " + file.path() + " is missing (expected: a log)");
        }
        if (Files.exists(target)) {
            throw new IllegalArgumentException("backup: " + target + " exists (expected: a new file)");
        }
        file.prepare();
        try (Connection connection = file.migrator().getConnection();
                PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
            copy.setString(1, target.toString());
            copy.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("backup: " + target + " cannot be written: " + e.getMessage(), e);
        }
    }
}
