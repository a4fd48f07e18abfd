package io.notify.jdbc;

import io.notify.LogEntry;
import io.notify.LogReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/** Ordinary entries for tests that are about something else. */
final class Entries {
    static final Instant T0 = Instant.parse("2026-07-01T12:00:00.123Z");
    static final LogReader ANN = new LogReader("ann", Set.of("everyone"));

    private Entries() {}

    static LogEntry own(String user) {
        return own(user, "{\"title\":\"Hello\"}");
    }

    static LogEntry own(String user, String payload) {
        return entry(user, "user:" + user, payload);
    }

    static LogEntry everyone() {
        return entry(LogEntry.EVERY_USER, "everyone", "{\"title\":\"Hello\"}");
    }

    static List<LogEntry> own(String user, int count) {
        return IntStream.range(0, count).mapToObj(i -> own(user)).toList();
    }

    private static LogEntry entry(String user, String audience, String payload) {
        return new LogEntry(
                UUID.randomUUID(),
                user,
                audience,
                List.of(),
                "booking.created",
                payload.getBytes(StandardCharsets.UTF_8),
                T0,
                null,
                null,
                null);
    }
}
