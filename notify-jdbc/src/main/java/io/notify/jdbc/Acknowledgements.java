package io.notify.jdbc;

import java.time.Instant;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** How far each user has received; a number only ever rises within an epoch. */
final class Acknowledgements {
    private final Database database;

    Acknowledgements(Database database) {
        this.database = database;
    }

    void acknowledge(String userId, long through, Instant at) {
        database.write(handle -> {
            if (find(handle, userId).isEmpty()) {
                // of two at once the second one violates the key and is tried again
                return handle.createUpdate(
                                "INSERT INTO notification_acknowledgements (user_id, seq, acknowledged_at) VALUES (?, ?, ?)")
                        .bind(0, userId)
                        .bind(1, through)
                        .bind(2, at)
                        .execute();
            }
            return handle.createUpdate("UPDATE notification_acknowledgements SET seq = :through, acknowledged_at = :at"
                            + " WHERE user_id = :user AND seq < :through")
                    .bind("through", through)
                    .bind("at", at)
                    .bind("user", userId)
                    .execute();
        });
    }

    OptionalLong find(String userId) {
        return database.read(handle -> find(handle, userId));
    }

    private static OptionalLong find(Handle handle, String userId) {
        return handle.createQuery("SELECT seq FROM notification_acknowledgements WHERE user_id = ?")
                .bind(0, userId)
                .mapTo(Long.class)
                .findOne()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    /** Lowers what was acknowledged beyond a new epoch's start: those rows were lost, their numbers come again for others. */
    static void limit(Handle handle, long seq) {
        handle.createUpdate("UPDATE notification_acknowledgements SET seq = :head WHERE seq > :head")
                .bind("head", seq)
                .execute();
    }
}
