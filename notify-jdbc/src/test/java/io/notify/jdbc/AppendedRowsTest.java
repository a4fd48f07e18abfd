package io.notify.jdbc;

import static io.notify.jdbc.Entries.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.notify.LogEntry;
import io.notify.LogReader;
import io.notify.LogRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL is given rows by columns, the others row by row: what is stored is the same. */
class AppendedRowsTest {
    private static Postgres postgres;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        postgres = new Postgres();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @Test
    void everyColumnComesBackAsItWas() throws Exception {
        List<LogEntry> entries = List.of(
                entry("ann", "user:ann", "{}", T0, null, null),
                entry(
                        "*",
                        "room:a\tb\\N{\"NULL\"}",
                        "{\"title\":\"\u00fc\ud83d\ude00\\\\\"}",
                        T0,
                        T0.plusSeconds(1),
                        "k"),
                entry(
                        "*",
                        "everyone",
                        "[" + "1,".repeat(50_000) + "1]",
                        Instant.EPOCH.minusMillis(1),
                        Instant.MAX,
                        "\u00df"),
                entry("ann", "user:ann", "null", Instant.MIN, T0.plusNanos(999_999), ""));
        List<LogRecord> onPostgres =
                stored(JdbcNotificationLog.builder().url(emptied()).build(), entries);
        List<LogRecord> onSqlite = stored(
                JdbcNotificationLog.builder()
                        .url("jdbc:sqlite:" + directory.resolve("log"))
                        .build(),
                entries);
        assertThat(onPostgres).hasSize(entries.size());
        assertThat(onPostgres)
                .usingRecursiveComparison()
                .ignoringFields("position.epoch")
                .isEqualTo(onSqlite);
        assertThat(onPostgres.get(1).payload()).isEqualTo(entries.get(1).payload());
        assertThat(onPostgres.get(1).expiresAt()).isEqualTo(T0.plusSeconds(1));
        assertThat(onPostgres.get(2).createdAt()).isEqualTo(Instant.EPOCH.minusMillis(1));
    }

    @Test
    void aRowThatCannotBeStoredIsRejectedAloneAndTheOthersAreStored() throws Exception {
        List<LogEntry> entries = List.of(
                entry("ann", "user:ann", "{}", T0, null, null),
                entry("ann\0", "user:ann\0", "{}", T0, null, null),
                entry("bob", "user:bob", "{}", T0, null, null));
        try (JdbcNotificationLog log =
                JdbcNotificationLog.builder().url(emptied()).build()) {
            log.open();
            assertThat(log.append(entries))
                    .extracting(answer -> answer.getClass().getSimpleName())
                    .containsExactly("Stored", "Rejected", "Stored");
            assertThat(log.head().seq()).isEqualTo(2);
        }
    }

    private static String emptied() throws Exception {
        postgres.empty();
        return postgres.url();
    }

    private static List<LogRecord> stored(JdbcNotificationLog log, List<LogEntry> entries) {
        try (log) {
            log.open();
            log.append(entries);
            LogReader ann =
                    new LogReader("ann", Set.of("everyone", entries.get(1).audience()));
            return log.read(ann, 0, 10, Instant.parse("1000-01-01T00:00:00Z")).records();
        }
    }

    private static LogEntry entry(
            String user, String audience, String payload, Instant createdAt, Instant expiresAt, String collapseKey) {
        return new LogEntry(
                UUID.nameUUIDFromBytes((user + audience + createdAt).getBytes(StandardCharsets.UTF_8)),
                user,
                audience,
                List.of(),
                "booking.created",
                payload.getBytes(StandardCharsets.UTF_8),
                createdAt,
                expiresAt,
                null,
                collapseKey);
    }
}
