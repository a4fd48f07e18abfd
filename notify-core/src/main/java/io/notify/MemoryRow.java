package io.notify;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One row of the log in memory: its number and entry never change, what became of it does. Guarded by the log's monitor. */
final class MemoryRow {
    final long seq;
    final LogEntry entry;

    @Nullable
    Instant deliveredAt;

    /** When the owner of a personal row, or anybody of a wide one, read it first. */
    @Nullable
    Instant firstReadAt;

    private @Nullable String error;
    private int connections;
    /** Reads by others than the owner of a personal row. */
    private final Map<String, Instant> reads = new HashMap<>();

    MemoryRow(long seq, LogEntry entry) {
        this.seq = seq;
        this.entry = entry;
    }

    boolean isPersonal() {
        return !entry.userId().equals(LogEntry.EVERY_USER);
    }

    private boolean isOwnedBy(String userId) {
        return isPersonal() && entry.userId().equals(userId);
    }

    boolean visibleTo(LogReader reader) {
        return isOwnedBy(reader.userId())
                || reader.audiences().contains(entry.audience())
                || entry.recipients().contains(reader.userId());
    }

    boolean expiredAt(Instant now) {
        Instant expiresAt = entry.expiresAt();
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    @Nullable
    Instant readBy(String userId) {
        return isOwnedBy(userId) ? firstReadAt : reads.get(userId);
    }

    void markRead(String userId, Instant at) {
        if (isOwnedBy(userId)) {
            firstReadAt = at;
            return;
        }
        reads.put(userId, at);
        if (!isPersonal() && firstReadAt == null) {
            firstReadAt = at;
        }
    }

    void record(DeliveryStatus status) {
        Instant at = status.deliveredAt();
        if (at != null && (deliveredAt == null || at.isBefore(deliveredAt))) {
            deliveredAt = at;
        }
        connections += at == null ? 0 : status.connections();
        if (status.error() != null || at != null) {
            error = status.error();
        }
    }

    boolean hasError() {
        return error != null;
    }

    int connections() {
        return connections;
    }

    /** Everybody who has read it, the first one first. */
    List<LogStory.Reading> readings() {
        Stream<LogStory.Reading> own = isPersonal() && firstReadAt != null
                ? Stream.of(new LogStory.Reading(entry.userId(), firstReadAt))
                : Stream.empty();
        Stream<LogStory.Reading> others =
                reads.entrySet().stream().map(e -> new LogStory.Reading(e.getKey(), e.getValue()));
        return Stream.concat(own, others)
                .sorted(Comparator.comparing(LogStory.Reading::readAt).thenComparing(LogStory.Reading::userId))
                .toList();
    }

    UUID id() {
        return entry.id();
    }

    LogRow toLogRow(Position position) {
        return new LogRow(
                entry.id(),
                position,
                entry.userId(),
                entry.audience(),
                entry.event(),
                entry.payload(),
                deliveredAt != null,
                deliveredAt,
                error,
                firstReadAt,
                entry.createdAt());
    }
}
