package io.notify.jdbc;

import static io.notify.jdbc.Entries.ANN;
import static io.notify.jdbc.Entries.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.notify.Appended;
import io.notify.DeliveryStatus;
import io.notify.LogEntry;
import io.notify.LogFilter;
import io.notify.LogRow;
import io.notify.Position;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogImportTest {
    @TempDir
    Path directory;

    private String sqlite(String name) {
        return "jdbc:sqlite:" + directory.resolve(name);
    }

    private static JdbcNotificationLog log(String url) {
        return JdbcNotificationLog.builder().url(url).build();
    }

    private static LogEntry keyed() {
        return new LogEntry(
                UUID.randomUUID(),
                "ann",
                "user:ann",
                List.of(),
                "booking.created",
                "{}".getBytes(StandardCharsets.UTF_8),
                T0,
                T0.plusSeconds(60),
                new LogEntry.Idempotency("svc", "k", "d"),
                "c");
    }

    private static Position fill(JdbcNotificationLog log) {
        log.open();
        LogEntry keyed = keyed();
        log.append(Entries.own("ann", 500));
        for (int i = 0; i < 4; i++) {
            log.append(Entries.own("ann", 500));
        }
        log.append(List.of(keyed, Entries.everyone()));
        log.recordDeliveries(List.of(new DeliveryStatus(log.head(), T0.plusMillis(7), 2, null)));
        log.markRead(ANN, keyed.id(), T0.plusSeconds(1));
        log.acknowledge("ann", 9, T0);
        log.rememberRooms("s", Set.of("a", "b"), T0.plusSeconds(60));
        log.renewEpoch();
        log.purge(T0.plusMillis(1), 3, T0);
        return log.head();
    }

    private static List<LogRow> newest(JdbcNotificationLog log) {
        return log.logs(new LogFilter(null, null, null, null, null, null, null, null, null, 500))
                .rows();
    }

    private static void check(JdbcNotificationLog source, JdbcNotificationLog target) {
        assertThat(target.head()).isEqualTo(source.head());
        assertThat(target.stats(Instant.MIN, Instant.MAX).total()).isEqualTo(target.count(ANN, 0, 10_000, T0));
        assertThat(newest(target)).usingRecursiveComparison().isEqualTo(newest(source));
        assertThat(target.read(ANN, 0, 10, T0).purgedThrough()).isEqualTo(3);
        assertThat(target.acknowledged("ann")).hasValue(9);
        assertThat(target.recallRooms("s", T0)).containsExactlyInAnyOrder("a", "b");
        assertThat(target.append(List.of(keyed())).get(0)).isInstanceOf(Appended.Duplicate.class);
        Position next = ((Appended.Stored) target.append(Entries.own("ann", 1)).get(0)).position();
        assertThat(next)
                .isEqualTo(new Position(source.head().epoch(), source.head().seq() + 1));
    }

    @Test
    void aLogMovesFromSqliteToPostgresAndBackWithItsPositions() throws Exception {
        try (Postgres server = new Postgres();
                JdbcNotificationLog source = log(sqlite("source.db"))) {
            fill(source);
            try (JdbcNotificationLog target = log(server.url())) {
                assertThat(LogImport.from(sqlite("source.db"), null, null).into(target))
                        .isEqualTo(source.head());
                check(source, target);
            }
            Position moved;
            try (JdbcNotificationLog back = log(sqlite("back.db"))) {
                moved = LogImport.from(server.url(), null, null).into(back);
                assertThat(newest(back)).hasSize(500);
            }
            try (JdbcNotificationLog back = log(sqlite("back.db"))) {
                assertThat(back.open()).isEqualTo(moved);
            }
        }
    }

    @Test
    void anH2LogOfAnEarlierBuildIsTakenOver() throws Exception {
        String url = "jdbc:h2:mem:earlier;DB_CLOSE_DELAY=-1";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : earlier().split(";")) {
                statement.execute(sql);
            }
        }
        try (JdbcNotificationLog target = log(sqlite("new.db"))) {
            assertThat(LogImport.from(url, null, null).into(target)).isEqualTo(new Position("old", 2));
            List<LogRow> rows = newest(target);
            assertThat(rows).extracting(LogRow::audience).containsExactly("everyone", "user:ann");
            assertThat(rows.get(1).deliveredAt()).isEqualTo(Instant.parse("2026-07-01T12:00:00.005Z"));
            assertThat(target.stats(Instant.MIN, Instant.MAX).deliveryMillisP50())
                    .isEqualTo(5);
            assertThat(target.unread(ANN, T0)).isEqualTo(1);
        }
    }

    /** The tables as they were on H2, with one row of a user, whose audience was left out, and one of everyone. */
    private static String earlier() {
        return """
                CREATE TABLE notification_head (id SMALLINT, epoch VARCHAR(32), seq BIGINT, purged_through BIGINT);
                INSERT INTO notification_head VALUES (1, 'old', 2, 0);
                CREATE TABLE notification_epochs (epoch VARCHAR(32), last_seq BIGINT);
                CREATE TABLE notification_logs (seq BIGINT, id UUID, user_id VARCHAR(255), audience VARCHAR(300),
                    event VARCHAR(255), payload VARCHAR(1048576), delivered BOOLEAN, delivered_at TIMESTAMP(3),
                    error VARCHAR(1000), created_at TIMESTAMP(3), connections INTEGER, read_at TIMESTAMP(3),
                    expires_at TIMESTAMP(3), collapse_key VARCHAR(255));
                INSERT INTO notification_logs VALUES (1, '00000000-0000-7000-8000-000000000001', 'ann', NULL, 'a', '{}',
                    TRUE, '2026-07-01 12:00:00.005', NULL, '2026-07-01 12:00:00', 1, '2026-07-01 12:00:01', NULL, NULL);
                INSERT INTO notification_logs VALUES (2, '00000000-0000-7000-8000-000000000002', '*', 'everyone', 'b', '{}',
                    FALSE, NULL, NULL, '2026-07-01 12:00:00', 0, NULL, NULL, NULL);
                CREATE TABLE notification_recipients (user_id VARCHAR(255), seq BIGINT);
                CREATE TABLE notification_receipts (notification_id UUID, user_id VARCHAR(255), delivered_at TIMESTAMP(3),
                    read_at TIMESTAMP(3));
                CREATE TABLE notification_keys (sender VARCHAR(255), idempotency_key VARCHAR(255), digest VARCHAR(64),
                    notification_id VARCHAR(255), seq BIGINT, created_at TIMESTAMP(3));
                CREATE TABLE notification_session_rooms (session_id VARCHAR(255), rooms VARCHAR(1048576),
                    expires_at TIMESTAMP(3));
                CREATE TABLE notification_acknowledgements (user_id VARCHAR(255), seq BIGINT, acknowledged_at TIMESTAMP(3))
                """;
    }

    @Test
    void aTargetThatHoldsNotificationsIsRefused() {
        try (JdbcNotificationLog used = log(sqlite("target.db"))) {
            used.open();
            used.append(Entries.own("ann", 2));
        }
        try (JdbcNotificationLog source = log(sqlite("source.db"));
                JdbcNotificationLog target = log(sqlite("target.db"))) {
            fill(source);
            LogImport copy = LogImport.from(sqlite("source.db"), null, null);
            assertThatThrownBy(() -> copy.into(target))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("import: the target holds 2 notifications (expected: an empty log)");
        }
    }

    @Test
    void aBackupTakenWhileTheLogIsWrittenIsALogOfItsOwn() throws Exception {
        Path copy = directory.resolve("copy.db");
        Position atBackup;
        try (JdbcNotificationLog log = log(sqlite("live.db"))) {
            atBackup = fill(log);
            LogBackup.write(sqlite("live.db"), copy);
            log.append(Entries.own("ann", 5));
            assertThatThrownBy(() -> LogBackup.write(sqlite("live.db"), copy))
                    .hasMessage("backup: " + copy + " exists (expected: a new file)");
        }
        try (JdbcNotificationLog restored = log("jdbc:sqlite:" + copy)) {
            assertThat(restored.open()).isEqualTo(atBackup);
        }
        // put in the place of the newer one it is known to be older: its numbers get a new epoch
        Files.deleteIfExists(directory.resolve("live.db-wal"));
        Files.copy(copy, directory.resolve("live.db"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (JdbcNotificationLog restored = log(sqlite("live.db"))) {
            Position head = restored.open();
            assertThat(head.seq()).isEqualTo(atBackup.seq());
            assertThat(head.epoch()).isNotEqualTo(atBackup.epoch());
        }
        assertThatThrownBy(() -> LogBackup.write("jdbc:postgresql://x/y", copy))
                .hasMessageStartingWith("backup: jdbc:postgresql: (expected: jdbc:sqlite:;");
    }
}
