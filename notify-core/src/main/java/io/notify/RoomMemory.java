package io.notify;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/**
 * Holds, for each session that joined or left a room by hand, the newest rooms until the log thread has stored them. A
 * session is its user's: another user whose token names the same one has rooms of their own.
 */
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
                key(connection.identity(), connection.sessionId()),
                new Remembered(connection.joinedRooms(), clock.instant().plus(window)));
    }

    /**
     * What a session joined, as of now. A personal room comes back for ADMIN alone: whoever joined it may have lost the role
     * since. Blocks.
     */
    Set<String> recall(NotificationLog log, Identity identity, String sessionId, Instant now) {
        String key = key(identity, sessionId);
        Remembered newest = pending.get(key);
        Set<String> rooms = newest == null ? log.recallRooms(key, now) : newest.rooms();
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

    /** Hashed, because both together may be longer than a store's column. */
    private static String key(Identity identity, String sessionId) {
        try {
            byte[] both = (identity.userId() + '\0' + sessionId).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(both));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private record Remembered(Set<String> rooms, Instant until) {}
}
