package io.notify.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Deletes old rows with all that belongs to them, the oldest first and by ranges of numbers. The head says so in the same
 * transaction.
 */
final class Purge {
    private static final Duration KEY_LIFE = Duration.ofHours(24);

    /** How many keys may go for each row: they are small, and in the long run there are no more of them than rows. */
    private static final int KEYS_PER_ROW = 10;

    private final Database database;
    private final Supplier<Dialect> dialect;

    private record Key(String sender, String key) {}

    /** Numbers {@code first} to {@code last}, both included. */
    private record Range(long first, long last) {}

    Purge(Database database, Supplier<Dialect> dialect) {
        this.database = database;
        this.dialect = dialect;
    }

    int purge(Instant before, int limit, Instant now) {
        int rows = database.writePatiently(handle -> purgeRows(handle, before, limit));
        database.writePatiently(handle -> purgeKeys(handle, now.minus(KEY_LIFE), limit * KEYS_PER_ROW));
        database.writePatiently(
                handle -> handle.createUpdate("DELETE FROM notification_session_rooms WHERE expires_at <= :now")
                        .bind("now", now)
                        .execute());
        if (rows < limit) {
            database.writePatiently(handle -> {
                Rollup.forgetBefore(handle, before);
                return true;
            });
            database.writeAlone(dialect.get()::giveSpaceBack);
        }
        return rows;
    }

    private static int purgeRows(Handle handle, Instant before, int limit) {
        List<Long> old = handle.createQuery(
                        "SELECT seq FROM notification_logs WHERE created_at < ? ORDER BY created_at, seq LIMIT ?")
                .bind(0, before)
                .bind(1, limit)
                .mapTo(Long.class)
                .list();
        if (old.isEmpty()) {
            return 0;
        }
        for (Range range : ranges(old.stream().sorted().toList())) {
            delete(handle, "notification_recipients WHERE", range);
            delete(
                    handle,
                    "notification_receipts WHERE notification_id IN (SELECT id FROM notification_logs WHERE",
                    range);
            delete(handle, "notification_logs WHERE", range);
        }
        long last = old.stream().mapToLong(Long::longValue).max().orElse(0);
        // the head at the end, since its lock holds up every writer
        handle.createUpdate(
                        "UPDATE notification_head SET purged_through = :last WHERE id = 1 AND purged_through < :last")
                .bind("last", last)
                .execute();
        // a cursor of an epoch that ended below it meets a gap either way
        handle.createUpdate("DELETE FROM notification_epochs WHERE last_seq <= ?")
                .bind(0, last)
                .execute();
        return old.size();
    }

    /** Clocks that disagree leave holes: what lies in between is younger, and stays. */
    private static List<Range> ranges(List<Long> ascending) {
        List<Range> ranges = new ArrayList<>();
        long first = ascending.get(0);
        long last = first;
        for (long seq : ascending) {
            if (seq > last + 1) {
                ranges.add(new Range(first, last));
                first = seq;
            }
            last = seq;
        }
        ranges.add(new Range(first, last));
        return ranges;
    }

    private static void delete(Handle handle, String rows, Range range) {
        handle.createUpdate("DELETE FROM " + rows + " seq >= ? AND seq <= ?" + (rows.contains("(") ? ")" : ""))
                .bind(0, range.first())
                .bind(1, range.last())
                .execute();
    }

    private static int purgeKeys(Handle handle, Instant through, int limit) {
        List<Key> old = handle.createQuery(
                        "SELECT sender, idempotency_key FROM notification_keys WHERE created_at <= :through"
                                + " ORDER BY created_at LIMIT :limit")
                .bind("through", through)
                .bind("limit", limit)
                .map((row, context) -> new Key(row.getString("sender"), row.getString("idempotency_key")))
                .list();
        // the time again: a key may have been used anew meanwhile
        PreparedBatch delete = handle.prepareBatch(
                "DELETE FROM notification_keys WHERE sender = ? AND idempotency_key = ? AND created_at <= ?");
        old.forEach(key -> delete.add(key.sender(), key.key(), through));
        Batches.execute(delete);
        return old.size();
    }
}
