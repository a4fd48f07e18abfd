package io.notify.jdbc;

import static io.notify.jdbc.Entries.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.notify.DeliveryStatus;
import io.notify.LogFilter;
import io.notify.LogRow;
import io.notify.LogStats;
import io.notify.Position;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases of versions that had no blocks, with rows in them. */
class OlderDatabaseTest {
    private static final int ROWS = 20_000;

    @TempDir
    Path directory;

    @Test
    void rowsOfAnOlderH2AreSummedAndFoundOnceItIsOpened() throws Exception {
        check("jdbc:h2:" + directory.resolve("log"), Dialect.H2);
    }

    @Test
    void rowsOfAnOlderPostgresAreSummedAndFoundOnceItIsOpened() throws Exception {
        try (Postgres server = new Postgres()) {
            check(server.url(), Dialect.POSTGRESQL);
        }
    }

    private static void check(String url, Dialect dialect) throws SQLException {
        Flyway.configure()
                .dataSource(url, "postgres", "")
                .locations("classpath:" + dialect.migrations())
                .table("notify_schema_history")
                .target("2")
                .load()
                .migrate();
        try (Connection connection = DriverManager.getConnection(url, "postgres", "")) {
            insert(connection);
        }
        try (JdbcNotificationLog log = JdbcNotificationLog.builder()
                .url(url)
                .user("postgres")
                .password("")
                .build()) {
            assertThat(log.open()).isEqualTo(new Position("old", ROWS));
            checkSums(log);
            // and they change with the rows from now on
            log.recordDeliveries(List.of(
                    new DeliveryStatus(new Position("old", 1), createdAt(1).plusMillis(7), 1, null)));
            assertThat(sum(log, createdAt(1), createdAt(2)).deliveryMillisP50()).isEqualTo(7);
            assertThat(sum(log, createdAt(1), createdAt(2)).delivered()).isEqualTo(1);
            log.append(Entries.own("ann", 2));
            assertThat(sum(log, Instant.MIN, Instant.MAX).total()).isEqualTo(ROWS + 2);
        }
        // what a second start has nothing to add to
        try (JdbcNotificationLog log = JdbcNotificationLog.builder()
                .url(url)
                .user("postgres")
                .password("")
                .build()) {
            log.open();
            assertThat(sum(log, Instant.MIN, Instant.MAX).total()).isEqualTo(ROWS + 2);
        }
    }

    private static void checkSums(JdbcNotificationLog log) {
        LogStats all = sum(log, T0, T0.plus(Duration.ofDays(1)));
        assertThat(all.total()).isEqualTo(ROWS);
        assertThat(all.delivered()).isEqualTo(ROWS / 2);
        assertThat(all.read()).isEqualTo(ROWS / 10);
        assertThat(all.byEvent()).isEqualTo(Map.of("e0", ROWS / 4L, "e1", ROWS / 4L, "e2", ROWS / 4L, "e3", ROWS / 4L));
        assertThat(all.byHour()).hasSize(2).containsKey(T0.truncatedTo(ChronoUnit.HOURS));
        assertThat(all.deliveryMillisP50()).isEqualTo(5);
        assertThat(rows(log, "e3", null, null))
                .extracting(r -> r.position().seq())
                .containsExactly(19_999L, 19_995L);
        assertThat(rows(log, "e0", true, null))
                .extracting(r -> r.position().seq())
                .containsExactly(20_000L, 19_996L);
        assertThat(rows(log, "e0", true, true))
                .extracting(r -> r.position().seq())
                .containsExactly(20_000L, 19_980L);
        assertThat(rows(log, "e1", true, null)).isEmpty();
    }

    private static LogStats sum(JdbcNotificationLog log, Instant from, Instant to) {
        return log.stats(from, to);
    }

    private static List<LogRow> rows(
            JdbcNotificationLog log, String event, @Nullable Boolean delivered, @Nullable Boolean read) {
        return log.logs(new LogFilter(null, event, null, delivered, read, null, null, null, null, 2))
                .rows();
    }

    private static Instant createdAt(int seq) {
        return T0.plusMillis(seq * 200L);
    }

    /** Every second one delivered after 5 ms, every tenth one read. */
    private static void insert(Connection connection) throws SQLException {
        try (PreparedStatement row = connection.prepareStatement("INSERT INTO notification_logs"
                + " (id, seq, user_id, event, payload, created_at, delivered, delivered_at, read_at)"
                + " VALUES (?, ?, ?, ?, '{}', ?, ?, ?, ?)")) {
            for (int seq = 1; seq <= ROWS; seq++) {
                row.setString(1, "00000000-0000-7000-8000-%012d".formatted(seq));
                row.setLong(2, seq);
                row.setString(3, seq % 3 == 0 ? "*" : "ann");
                row.setString(4, "e" + seq % 4);
                row.setObject(5, Utc.column(createdAt(seq)));
                row.setBoolean(6, seq % 2 == 0);
                row.setObject(7, seq % 2 == 0 ? Utc.column(createdAt(seq).plusMillis(5)) : null);
                row.setObject(8, seq % 10 == 0 ? Utc.column(createdAt(seq).plusSeconds(9)) : null);
                row.addBatch();
            }
            row.executeBatch();
        }
        try (Statement head = connection.createStatement()) {
            head.execute("INSERT INTO notification_head (id, epoch, seq, purged_through) VALUES (1, 'old', " + ROWS
                    + ", 0)");
        }
    }
}
