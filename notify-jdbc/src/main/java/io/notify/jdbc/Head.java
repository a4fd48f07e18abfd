package io.notify.jdbc;

import io.notify.Position;
import org.jdbi.v3.core.Handle;

/**
 * The end of the log as one row; whoever changes it holds its lock until the commit, so numbers rise in commit order.
 *
 * @param purgedThrough rows at or below it may be gone
 */
record Head(String epoch, long seq, long purgedThrough) {
    Position position() {
        return new Position(epoch, seq);
    }

    Position position(long number) {
        return new Position(epoch, number);
    }

    /** As committed now, or as changed by this transaction. */
    static Head read(Handle handle) {
        return handle.createQuery("SELECT epoch, seq, purged_through FROM notification_head WHERE id = 1")
                .map((row, context) ->
                        new Head(row.getString("epoch"), row.getLong("seq"), row.getLong("purged_through")))
                .one();
    }

    /** Takes the next {@code count} numbers, the last of which is the returned head's; 0 only takes the lock. */
    static Head advance(Handle handle, int count) {
        handle.createUpdate("UPDATE notification_head SET seq = seq + :count WHERE id = 1")
                .bind("count", count)
                .execute();
        return read(handle);
    }
}
