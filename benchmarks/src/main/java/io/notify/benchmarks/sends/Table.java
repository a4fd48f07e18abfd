package io.notify.benchmarks.sends;

import io.notify.jdbc.JdbcNotificationLog;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The log's tables, and as many rows in them as are wanted before a measurement. */
final class Table {
    private static final long CHUNK = 50_000;

    private Table() {}

    /** With what a server has by default: the embedded one would not wait for its disk. */
    static EmbeddedPostgres startPostgres(Path directory) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("postgres").toFile())
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_wal_size", "4GB")
                .setServerConfig("shared_buffers", "256MB")
                .start();
    }

    static void make(String url) throws SQLException {
        try (JdbcNotificationLog log = JdbcNotificationLog.builder().url(url).build()) {
            log.open();
        }
        if (url.startsWith("jdbc:postgresql:")) {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE single_rows (LIKE notification_logs INCLUDING ALL)");
                statement.execute("CREATE SEQUENCE single_seq");
            }
        }
    }

    /** One user after the other, which the indexes take quickly; they are as large as if they had come mixed. */
    static void fill(String url, long rows) throws SQLException {
        boolean sqlite = url.startsWith("jdbc:sqlite:");
        String numbers = sqlite
                ? "(WITH RECURSIVE g(n) AS (SELECT %d UNION ALL SELECT n + 1 FROM g WHERE n < %d) SELECT n FROM g)"
                : "generate_series(%d, %d) AS g(n)";
        String id = sqlite
                ? "'00000000-0000-7000-8000-' || printf('%%012d', n)"
                : "'00000000-0000-7000-8000-' || LPAD(n::text, 12, '0')";
        String now = sqlite ? "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')" : "CURRENT_TIMESTAMP";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (long from = 1; from <= rows; from += CHUNK) {
                long to = Math.min(rows, from + CHUNK - 1);
                statement.execute(
                        "INSERT INTO notification_logs (id, seq, user_id, audience, event, payload, created_at)"
                                + " SELECT " + id.replace("%%", "%")
                                + ", n, 'user-' || (n - 1) * CAST(10000 AS BIGINT) / " + rows
                                + ", 'user:user-' || (n - 1) * CAST(10000 AS BIGINT) / " + rows
                                + ", 'booking.created', '"
                                + "{\"title\":\"Hello\",\"message\":\""
                                + "x".repeat(200) + "\"}', " + now.replace("%%", "%") + " FROM "
                                + String.format(numbers, from, to));
            }
            statement.execute("UPDATE notification_head SET seq = " + rows);
            if (!sqlite) {
                statement.execute("VACUUM ANALYZE notification_logs");
                statement.execute("CHECKPOINT");
            }
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }
}
