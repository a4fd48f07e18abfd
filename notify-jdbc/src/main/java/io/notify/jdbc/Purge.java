package io.notify.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** No row goes without all that belongs to it, nor without the head saying so in the same transaction. */
final class Purge {
    private static final Duration KEY_LIFE = Duration.ofHours(24);

    /** How many keys may go for each row: they are small, and in the long run there are no more of them than rows. */
    private static final int KEYS_PER_ROW = 10;

    private final Database database;

    private record Key(String sender, String key) {}

    Purge(Database database) {
        this.database = database;
    }

    int purge(Instant before, int limit, Instant now) {
        int rows = database.writePatiently(handle -> purgeRows(handle, before, limit));
        database.writePatiently(handle -> purgeKeys(handle, now.minus(KEY_LIFE), limit * KEYS_PER_ROW));
        database.writePatiently(
                handle -> handle.createUpdate("DELETE FROM notification_session_rooms WHERE expires_at <= :now")
                        .bind("now", Utc.argument(now))
                        .execute());
        return rows;
    }

    private static int purgeRows(Handle handle, Instant before, int limit) {
        List<Long> old = old(handle, before, limit);
        if (old.isEmpty()) {
            return 0;
        }
        long last = old.get(old.size() - 1);
        PreparedBatch recipients = handle.prepareBatch("DELETE FROM notification_recipients WHERE seq = ?");
        PreparedBatch collapses = handle.prepareBatch("DELETE FROM notification_collapses WHERE seq = ?");
        PreparedBatch receipts = handle.prepareBatch("DELETE FROM notification_receipts WHERE notification_id = ?");
        PreparedBatch rows = handle.prepareBatch("DELETE FROM notification_logs WHERE seq = ?");
        for (Long seq : old) {
            recipients.add(seq);
            collapses.add(seq);
            rows.add(seq);
        }
        handle.createQuery("SELECT id FROM notification_logs WHERE seq IN (<seqs>)")
                .bindList("seqs", old)
                .mapTo(String.class)
                .forEach(receipts::add);
        Batches.execute(recipients);
        Batches.execute(collapses);
        Batches.execute(receipts);
        Batches.execute(rows);
        // last, since it holds up every writer
        Head.lock(handle);
        handle.createUpdate(
                        "UPDATE notification_head SET purged_through = :through WHERE id = 1 AND purged_through < :through")
                .bind("through", last)
                .execute();
        // cursors of an epoch that ended below what is gone meet a gap either way
        handle.createUpdate("DELETE FROM notification_epochs WHERE last_seq <= ?")
                .bind(0, last)
                .execute();
        Blocks.remove(handle, old);
        return old.size();
    }

    /**
     * The numbers of old rows, in their order, as everybody locks several rows. A row that somebody deleted by hand is among
     * them, once: it would else stand before all others for ever.
     */
    private static List<Long> old(Handle handle, Instant before, int limit) {
        List<Long> seqs = new ArrayList<>();
        for (long number : Blocks.olderThan(handle, before, limit)) {
            if (seqs.size() >= limit) {
                break;
            }
            Blocks.createdBefore(handle, number, before)
                    .limit(limit - seqs.size())
                    .forEach(seqs::add);
        }
        return seqs;
    }

    private static int purgeKeys(Handle handle, Instant through, int limit) {
        List<Key> old = handle.createQuery(
                        "SELECT sender, idempotency_key FROM notification_keys WHERE created_at <= :through"
                                + " ORDER BY created_at LIMIT :limit")
                .bind("through", Utc.argument(through))
                .bind("limit", limit)
                .map((row, context) -> new Key(row.getString("sender"), row.getString("idempotency_key")))
                .list();
        // the time again: it may have been used anew, meanwhile
        PreparedBatch delete = handle.prepareBatch(
                "DELETE FROM notification_keys WHERE sender = ? AND idempotency_key = ? AND created_at <= ?");
        old.forEach(key -> delete.add(key.sender(), key.key(), Utc.argument(through)));
        Batches.execute(delete);
        return old.size();
    }
}
