package io.notify.jdbc;

import io.notify.Delivery;
import io.notify.LogStretch;
import io.notify.OutboundEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads the rows that other nodes wrote. The head is read first, so every row up to it is committed when the rows are read. */
final class NodeRows {
    /** The audiences whose rows list their recipients. */
    static final Set<String> LISTS = Set.of("users", "nearby");

    private final Database database;

    private record Row(
            long seq,
            UUID id,
            String audience,
            String event,
            String payload,
            Instant createdAt,
            @Nullable Instant expiresAt) {}

    NodeRows(Database database) {
        this.database = database;
    }

    LogStretch read(long after, long through, int limit) {
        return database.read(handle -> {
            Head head = Head.read(handle);
            long end = Math.min(through, head.seq());
            List<Row> rows = end <= after ? List.of() : rows(handle, after, end, limit);
            boolean whole = rows.size() < limit;
            long last = whole ? end : rows.get(rows.size() - 1).seq();
            Map<Long, List<String>> recipients = rows.stream().anyMatch(row -> LISTS.contains(row.audience()))
                    ? recipients(handle, after, last)
                    : Map.of();
            List<Delivery> deliveries = rows.stream()
                    .map(row -> delivery(row, head, recipients.getOrDefault(row.seq(), List.of())))
                    .toList();
            return new LogStretch(head.position(), deliveries, last);
        });
    }

    private static List<Row> rows(Handle handle, long after, long end, int limit) {
        return handle.createQuery("SELECT seq, id, audience, event, payload, created_at, expires_at"
                        + " FROM notification_logs WHERE seq > :after AND seq <= :end ORDER BY seq LIMIT :limit")
                .bind("after", after)
                .bind("end", end)
                .bind("limit", limit)
                .map((row, context) -> new Row(
                        row.getLong("seq"),
                        UUID.fromString(row.getString("id")),
                        row.getString("audience"),
                        row.getString("event"),
                        row.getString("payload"),
                        Times.instant(row, "created_at"),
                        Times.nullableInstant(row, "expires_at")))
                .list();
    }

    private static Map<Long, List<String>> recipients(Handle handle, long after, long last) {
        Map<Long, List<String>> users = new HashMap<>();
        handle.createQuery("SELECT seq, user_id FROM notification_recipients WHERE seq > :after AND seq <= :last")
                .bind("after", after)
                .bind("last", last)
                .map((row, context) -> users.computeIfAbsent(row.getLong("seq"), seq -> new ArrayList<>())
                        .add(row.getString("user_id")))
                .list();
        return users;
    }

    private static Delivery delivery(Row row, Head head, List<String> recipients) {
        OutboundEvent event = new OutboundEvent(
                row.event(), row.payload().getBytes(StandardCharsets.UTF_8), row.id(), head.position(row.seq()), false);
        return new Delivery(event, row.audience(), recipients, row.createdAt(), row.expiresAt());
    }
}
