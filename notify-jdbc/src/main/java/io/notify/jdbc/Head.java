package io.notify.jdbc;

import io.notify.Position;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The end of the log as one row. A writer holds the row's lock until its commit, so numbers rise in commit order.
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
        return head(handle.createQuery("SELECT epoch, seq, purged_through FROM notification_head WHERE id = 1"));
    }

    /** Takes the lock. */
    static Head lock(Handle handle) {
        return updated(handle, 0);
    }

    /** Takes the next {@code count} numbers; the returned head's number is the last of them. */
    static Head advance(Handle handle, Dialect dialect, int count) {
        String statement = dialect.advanceAndRead();
        return statement == null
                ? updated(handle, count)
                : head(handle.createQuery(statement).bind(0, count));
    }

    private static Head updated(Handle handle, int count) {
        handle.createUpdate("UPDATE notification_head SET seq = seq + ? WHERE id = 1")
                .bind(0, count)
                .execute();
        return read(handle);
    }

    private static Head head(Query query) {
        return query.map((row, context) ->
                        new Head(row.getString("epoch"), row.getLong("seq"), row.getLong("purged_through")))
                .one();
    }
}
