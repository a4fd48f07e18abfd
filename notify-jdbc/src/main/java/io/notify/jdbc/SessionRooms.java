package io.notify.jdbc;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** A session has the rooms of one call, never of two mixed: they are one row. */
final class SessionRooms {
    /** No room's name contains it, since names are visible characters. */
    private static final String SEPARATOR = "\n";

    /** What the narrowest column holds, H2's. */
    private static final int MAX_TEXT = 1 << 20;

    private final Database database;

    SessionRooms(Database database) {
        this.database = database;
    }

    void remember(String sessionId, Set<String> rooms, Instant until) {
        String text = String.join(SEPARATOR, new TreeSet<>(rooms));
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("rooms: " + rooms.size() + " with " + text.length()
                    + " characters (expected: at most " + MAX_TEXT + ")");
        }
        database.write(handle -> rooms.isEmpty()
                ? handle.execute("DELETE FROM notification_session_rooms WHERE session_id = ?", sessionId)
                : replace(handle, sessionId, text, until));
    }

    private static int replace(Handle handle, String sessionId, String rooms, Instant until) {
        int updated = handle.createUpdate(
                        "UPDATE notification_session_rooms SET rooms = :rooms, expires_at = :until WHERE session_id = :id")
                .bind("rooms", rooms)
                .bind("until", until)
                .bind("id", sessionId)
                .execute();
        if (updated > 0 || isKnown(handle, sessionId)) {
            return updated;
        }
        // two at once: the second one meets the key and is tried again
        return handle.createUpdate(
                        "INSERT INTO notification_session_rooms (session_id, rooms, expires_at) VALUES (:id, :rooms, :until)")
                .bind("rooms", rooms)
                .bind("until", until)
                .bind("id", sessionId)
                .execute();
    }

    /** MySQL's driver counts rows changed, not found, when told to. */
    private static boolean isKnown(Handle handle, String sessionId) {
        return handle.createQuery("SELECT COUNT(*) FROM notification_session_rooms WHERE session_id = ?")
                        .bind(0, sessionId)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    Set<String> recall(String sessionId, Instant now) {
        return database.read(handle -> handle.createQuery(
                        "SELECT rooms FROM notification_session_rooms WHERE session_id = ? AND expires_at > ?")
                .bind(0, sessionId)
                .bind(1, now)
                .mapTo(String.class)
                .findOne()
                .map(rooms -> Set.of(rooms.split(SEPARATOR)))
                .orElse(Set.of()));
    }
}
