package io.notify.jdbc;

import static io.notify.jdbc.Entries.ANN;
import static io.notify.jdbc.Entries.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.notify.Appended;
import io.notify.LogRecord;
import io.notify.LogRow;
import io.notify.Position;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that an earlier version filled reads the same afterwards. */
class H2MigrationTest {
    private static final UUID OWN = UUID.fromString("019ab9f0-0000-7000-8000-000000000001");
    private static final UUID WIDE = UUID.fromString("f19ab9f0-0000-7000-8000-000000000002");

    @TempDir
    Path directory;

    private String url() {
        return "jdbc:h2:" + directory.resolve("log");
    }

    private JdbcNotificationLog log() {
        return JdbcNotificationLog.builder().url(url()).user("sa").password("").build();
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "sa", "");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @BeforeEach
    void aLogOfTheSecondVersion() throws SQLException {
        Flyway.configure()
                .dataSource(url(), "sa", "")
                .locations("classpath:" + Dialect.H2.migrations())
                .table("notify_schema_history")
                .target("2")
                .load()
                .migrate();
        execute(
                "INSERT INTO notification_head (id, epoch, seq, purged_through) VALUES (1, 'old', 3, 1)",
                "INSERT INTO notification_logs (id, seq, user_id, audience, event, payload, delivered, delivered_at, error,"
                        + " created_at, connections, read_at, expires_at, collapse_key) VALUES"
                        + " ('" + WIDE + "', 3, '*', 'everyone', 'news', '{\"n\":3}', FALSE, NULL, 'late',"
                        + " '2026-07-01 12:00:00.003', 0, '2026-07-01 12:00:01', '2027-01-01 00:00:00', 'k'),"
                        + " ('" + OWN + "', 2, 'ann', NULL, 'booking.created', '{\"n\":2}', TRUE,"
                        + " '2026-07-01 12:00:00.5', NULL, '2026-07-01 12:00:00.002', 2, NULL, NULL, NULL)",
                "INSERT INTO notification_receipts (notification_id, user_id, delivered_at, read_at) VALUES ('" + WIDE
                        + "', 'ann', NULL, '2026-07-01 12:00:01')");
    }

    @Test
    void whatAReaderSeesIsWhatItWas() {
        try (JdbcNotificationLog log = log()) {
            assertThat(log.open()).isEqualTo(new Position("old", 3));
            List<LogRecord> records = log.read(ANN, 0, 10, T0).records();
            assertThat(records).extracting(LogRecord::id).containsExactly(OWN, WIDE);
            assertThat(records)
                    .extracting(row -> new String(row.payload(), StandardCharsets.UTF_8))
                    .containsExactly("{\"n\":2}", "{\"n\":3}");
            assertThat(records.get(0).readAt()).isNull();
            assertThat(records.get(1).readAt()).isEqualTo("2026-07-01T12:00:01Z");
            assertThat(log.unread(ANN, T0)).isEqualTo(1);
        }
    }

    @Test
    void whatAnOperatorSeesIsWhatItWas() {
        try (JdbcNotificationLog log = log()) {
            log.open();
            LogRow own = log.story(OWN).orElseThrow().row();
            assertThat(own.delivered()).isTrue();
            assertThat(own.deliveredAt()).isEqualTo("2026-07-01T12:00:00.500Z");
            assertThat(own.createdAt()).isEqualTo("2026-07-01T12:00:00.002Z");
            LogRow wide = log.story(WIDE).orElseThrow().row();
            assertThat(wide.error()).isEqualTo("late");
            assertThat(log.story(WIDE).orElseThrow().collapseKey()).isEqualTo("k");
            assertThat(log.story(OWN).orElseThrow().connections()).isEqualTo(2);
        }
    }

    @Test
    void itGoesOnFromThere() {
        try (JdbcNotificationLog log = log()) {
            log.open();
            assertThat(log.markRead(ANN, WIDE, T0)).contains(Instant.parse("2026-07-01T12:00:01Z"));
            assertThat(log.markRead(ANN, OWN, T0)).contains(T0);
            assertThat(log.append(Entries.own("ann", 1))).containsExactly(new Appended.Stored(new Position("old", 4)));
        }
    }

    /** A receipt is looked up for each row of a page: without its index, each time all of them. */
    @Test
    void aReceiptIsFoundByItsIndex() throws SQLException {
        try (JdbcNotificationLog log = log()) {
            log.open();
        }
        try (Connection connection = DriverManager.getConnection(url(), "sa", "");
                Statement statement = connection.createStatement();
                ResultSet plan = statement.executeQuery("EXPLAIN SELECT l.seq FROM notification_logs l"
                        + " LEFT JOIN notification_receipts rc ON rc.notification_id = l.id AND rc.user_id = 'ann'"
                        + " WHERE l.audience = 'everyone' ORDER BY l.audience, l.seq LIMIT 10")) {
            assertThat(plan.next()).isTrue();
            assertThat(plan.getString(1)).contains("NOTIFICATION_ID = L.ID").doesNotContain("tableScan");
        }
    }
}
