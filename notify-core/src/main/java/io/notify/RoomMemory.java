package io.notify;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/** Holds, for each session that joined or left a room by hand, the newest rooms until the log thread has stored them. */
final class RoomMemory {
    private final ConcurrentMap<String, Remembered> pending = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Duration window;

    RoomMemory(Clock clock, Duration window) {
        this.clock = clock;
        this.window = window;
    }

    /** Lanes. */
    void remember(LiveConnection connection) {
        pending.put(
                connection.sessionId(),
                new Remembered(connection.joinedRooms(), clock.instant().plus(window)));
    }

    /**
     * What a session joined, as of now. A personal room comes back for ADMIN alone: whoever joined it may have lost the role
     * since. Blocks.
     */
    Set<String> recall(NotificationLog log, Identity identity, String sessionId, Instant now) {
        Remembered newest = pending.get(sessionId);
        Set<String> rooms = newest == null ? log.recallRooms(sessionId, now) : newest.rooms();
        return rooms.stream()
                .filter(room -> identity.hasRole("ADMIN") || !Audience.Room.isPersonal(room))
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** The log thread. What cannot be stored now is kept for the next time. */
    void store(NotificationLog log) {
        for (Map.Entry<String, Remembered> entry : pending.entrySet()) {
            Remembered remembered = entry.getValue();
            log.rememberRooms(entry.getKey(), remembered.rooms(), remembered.until());
            pending.remove(entry.getKey(), remembered);
        }
    }

    private record Remembered(Set<String> rooms, Instant until) {}
}
