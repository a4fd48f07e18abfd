package io.notify;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds, for each session that joined or left a room by hand, the newest rooms until the log thread has stored them; gives
 * back to a session of the same user only those that the token it shows now still allows.
 */
final class RoomMemory {
    private static final Logger LOG = LoggerFactory.getLogger(RoomMemory.class);
    /** Stands before the rooms that the host chose, which no policy is asked about; it is in no name. */
    private static final String PLACED = " ";

    private final ConcurrentMap<String, Remembered> pending = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Duration window;
    private final RoomRights rights;

    RoomMemory(Clock clock, Duration window, RoomRights rights) {
        this.clock = clock;
        this.window = window;
        this.rights = rights;
    }

    /** A room that a session was in. */
    record Known(String room, boolean placed) {
        private static Known read(String text) {
            return text.startsWith(PLACED) ? new Known(text.substring(PLACED.length()), true) : new Known(text, false);
        }
    }

    /** Lanes. */
    void remember(LiveConnection connection) {
        Set<String> rooms = connection.joinedRooms().stream()
                .map(room -> connection.isPlaced(room) ? PLACED + room : room)
                .collect(Collectors.toUnmodifiableSet());
        pending.put(
                key(connection.identity(), connection.sessionId()),
                new Remembered(rooms, clock.instant().plus(window)));
    }

    /** Readers. */
    List<Known> recall(NotificationLog log, Identity identity, String sessionId) {
        String key = key(identity, sessionId);
        Remembered newest = pending.get(key);
        Set<String> rooms = newest == null ? log.recallRooms(key, clock.instant()) : newest.rooms();
        return rooms.stream()
                .map(Known::read)
                .filter(known -> known.placed() || rights.mayJoin(identity, known.room()))
                .toList();
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /**
     * The log thread. What cannot be stored now is kept for the next time; what never can is forgotten, and holds up no other
     * session's.
     *
     * @param atLeast how many sessions to store before asking whether to go on
     * @throws LogUnavailableException if the log cannot be written
     */
    void store(NotificationLog log, int atLeast, BooleanSupplier more) {
        int stored = 0;
        for (Map.Entry<String, Remembered> entry : pending.entrySet()) {
            if (stored++ >= atLeast && !more.getAsBoolean()) {
                return;
            }
            Remembered remembered = entry.getValue();
            try {
                log.rememberRooms(entry.getKey(), remembered.rooms(), remembered.until());
            } catch (LogUnavailableException e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.warn("a session's rooms cannot be stored and will not be found again", e);
            }
            pending.remove(entry.getKey(), remembered);
        }
    }

    /** Hashed, because both together may be longer than a store's column. */
    static String key(Identity identity, String sessionId) {
        try {
            byte[] both = (identity.userId() + '\0' + sessionId).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(both));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private record Remembered(Set<String> rooms, Instant until) {}
}
