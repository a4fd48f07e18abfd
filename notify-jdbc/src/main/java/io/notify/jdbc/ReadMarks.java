package io.notify.jdbc;

import io.notify.LogEntry;
import io.notify.LogReader;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The first reading stands. A personal row keeps its owner's itself; everybody else's, and all of wide rows, are receipts,
 * and a wide row keeps the first of them for the operator.
 */
final class ReadMarks {
    /** Rows marked in one transaction; more would hold their locks for long. */
    private static final int CHUNK = 500;

    /** Of another's personal row only that one's own reading counts. */
    private static final String MARK = "UPDATE notification_logs SET read_at = ? WHERE seq = ? AND read_at IS NULL"
            + " AND user_id IN (?, '" + LogEntry.EVERY_USER + "')";

    private static final String ADD_RECEIPT =
            "INSERT INTO notification_receipts (notification_id, user_id, delivered_at, read_at) VALUES (?, ?, ?, ?)";

    private final Database database;

    private record Found(
            long seq,
            String userId,
            String audience,
            String event,
            Instant createdAt,
            @Nullable Instant readAt) {}

    ReadMarks(Database database) {
        this.database = database;
    }

    Optional<Instant> markRead(LogReader reader, UUID id, Instant at) {
        return database.write(handle -> {
            Found row = find(handle, id);
            if (row == null) {
                return Optional.empty();
            }
            if (isOwn(row, reader)) {
                return Optional.of(markOwn(handle, row, reader, at));
            }
            return mayRead(handle, row, reader)
                    ? Optional.of(addReceipt(handle, row, id, reader.userId(), at))
                    : Optional.empty();
        });
    }

    private static @Nullable Found find(Handle handle, UUID id) {
        return handle.createQuery(
                        "SELECT seq, user_id, audience, event, created_at, read_at FROM notification_logs WHERE id = ?")
                .bind(0, id.toString())
                .map((row, context) -> new Found(
                        row.getLong("seq"),
                        row.getString("user_id"),
                        row.getString("audience"),
                        row.getString("event"),
                        Times.instant(row, "created_at"),
                        Times.nullableInstant(row, "read_at")))
                .findOne()
                .orElse(null);
    }

    private static boolean isOwn(Found row, LogReader reader) {
        return row.userId().equals(reader.userId()) && !row.userId().equals(LogEntry.EVERY_USER);
    }

    private static boolean mayRead(Handle handle, Found row, LogReader reader) {
        return reader.audiences().contains(row.audience())
                || handle.createQuery("SELECT COUNT(*) FROM notification_recipients WHERE user_id = ? AND seq = ?")
                                .bind(0, reader.userId())
                                .bind(1, row.seq())
                                .mapTo(Long.class)
                                .one()
                        > 0;
    }

    private static Instant markOwn(Handle handle, Found row, LogReader reader, Instant at) {
        if (row.readAt() != null) {
            return row.readAt();
        }
        if (mark(handle, row, reader.userId(), at)) {
            return at.truncatedTo(ChronoUnit.MILLIS);
        }
        // another connection was first, meanwhile
        return handle.createQuery("SELECT read_at FROM notification_logs WHERE seq = ?")
                .bind(0, row.seq())
                .map((r, context) -> Times.instant(r, "read_at"))
                .one();
    }

    private static Instant addReceipt(Handle handle, Found row, UUID id, String userId, Instant at) {
        Optional<Instant> before = handle.createQuery(
                        "SELECT read_at FROM notification_receipts WHERE notification_id = ? AND user_id = ?")
                .bind(0, id.toString())
                .bind(1, userId)
                .map((r, context) -> Times.instant(r, "read_at"))
                .findOne();
        if (before.isPresent()) {
            return before.get();
        }
        // two at once: the second one meets the key and is tried again
        handle.createUpdate(ADD_RECEIPT)
                .bind(0, id.toString())
                .bind(1, userId)
                .bind(2, at)
                .bind(3, at)
                .execute();
        if (row.readAt() == null) {
            mark(handle, row, LogEntry.EVERY_USER, at);
        }
        return at.truncatedTo(ChronoUnit.MILLIS);
    }

    private static boolean mark(Handle handle, Found row, String owner, Instant at) {
        boolean marked = handle.createUpdate(MARK)
                        .bind(0, at)
                        .bind(1, row.seq())
                        .bind(2, owner)
                        .execute()
                == 1;
        if (marked) {
            Rollup.Changes changes = new Rollup.Changes();
            changes.read(row.createdAt(), row.event());
            changes.apply(handle);
        }
        return marked;
    }

    List<UUID> markAllRead(LogReader reader, Instant at) {
        long through = database.read(handle -> Head.read(handle).seq());
        List<UUID> marked = new ArrayList<>();
        long after = 0;
        while (true) {
            long from = after;
            List<VisibleRows.RowKey> rows = database.write(handle -> markSome(handle, reader, from, through, at));
            rows.forEach(row -> marked.add(row.id()));
            if (rows.size() < CHUNK) {
                return marked;
            }
            after = rows.get(rows.size() - 1).seq();
        }
    }

    private List<VisibleRows.RowKey> markSome(Handle handle, LogReader reader, long after, long through, Instant at) {
        List<VisibleRows.RowKey> rows =
                new VisibleRows(reader, after, through).unreadOnly(true).fetchKeys(handle, CHUNK);
        // one batch for both kinds of rows: locked in the order of their numbers, as everybody does
        PreparedBatch marks = handle.prepareBatch(MARK);
        PreparedBatch receipts = handle.prepareBatch(ADD_RECEIPT);
        List<VisibleRows.RowKey> marked = new ArrayList<>();
        for (VisibleRows.RowKey row : rows) {
            if (row.own() || row.shared()) {
                marks.add(at, row.seq(), reader.userId());
                marked.add(row);
            }
            if (!row.own()) {
                receipts.add(row.id().toString(), reader.userId(), at, at);
            }
        }
        Batches.execute(receipts);
        int[] changed = Batches.execute(marks);
        Rollup.Changes changes = new Rollup.Changes();
        for (int i = 0; i < changed.length; i++) {
            if (changed[i] == 1) {
                changes.read(marked.get(i).createdAt(), marked.get(i).event());
            }
        }
        changes.apply(handle);
        return rows;
    }
}
