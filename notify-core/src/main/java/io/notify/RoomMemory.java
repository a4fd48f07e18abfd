package io.notify;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
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
 * Remembers the rooms that each sign-in session has joined. Changes are kept in memory until the log thread has stored them.
 * A session of the same user gets back only the rooms that its present token allows.
 */
final class RoomMemory {
    private static final Logger LOG = LoggerFactory.getLogger(RoomMemory.class);
    /** Prefix of a stored room that was joined on the host's behalf. No room name contains it. */
    private static final String HOST_PREFIX = " ";

    private final ConcurrentMap<String, Remembered> pending = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Duration window;
    private final RoomRights rights;

    RoomMemory(Clock clock, Duration window, RoomRights rights) {
        this.clock = clock;
        this.window = window;
        this.rights = rights;
    }

    /**
     * A room that a session was in.
     *
     * @param joinedByHost whether it was joined on the host's behalf, so that the room policy does not apply
     */
    record SessionRoom(String room, boolean joinedByHost) {
        private static SessionRoom parse(String text) {
            return text.startsWith(HOST_PREFIX)
                    ? new SessionRoom(text.substring(HOST_PREFIX.length()), true)
                    : new SessionRoom(text, false);
        }

        private String text() {
            return joinedByHost ? HOST_PREFIX + room : room;
        }
    }

    /** Replaces the rooms of a session. Called on lanes. */
    void remember(Identity identity, String sessionId, Collection<SessionRoom> rooms) {
        Set<String> texts = rooms.stream().map(SessionRoom::text).collect(Collectors.toUnmodifiableSet());
        pending.put(
                key(identity, sessionId), new Remembered(texts, clock.instant().plus(window)));
    }

    /** Returns the rooms of a session. May block; called on reader threads. */
    List<SessionRoom> recall(NotificationLog log, Identity identity, String sessionId) {
        String key = key(identity, sessionId);
        Remembered newest = pending.get(key);
        Set<String> rooms = newest == null ? log.recallRooms(key, clock.instant()) : newest.rooms();
        return rooms.stream()
                .map(SessionRoom::parse)
                .filter(known -> known.joinedByHost() || rights.mayJoin(identity, known.room()))
                .toList();
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /**
     * Stores the pending sessions. Called by the log thread. If the log is unavailable, the remaining sessions stay pending; a
     * session that the log rejects is dropped, so that it does not hold up others.
     *
     * @param atLeast the number of sessions to store before {@code more} is asked
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

    /** Returns a hash of user and session, because both together may be longer than a store's column. */
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
