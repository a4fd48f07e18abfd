package io.notify;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The events that a client may send to every service. To add one, write its handler and list it here: the dispatcher, the
 * meters and the check of the host's own event names follow this list.
 */
@SuppressWarnings("ImmutableEnumChecker") // the factories capture nothing
enum ClientEvent {
    PING("ping", "pong", s -> new PingHandler(s.clock())),
    JOIN_ROOM("joinRoom", "joinedRoom", s -> new JoinRoomHandler(s.roomRights(), s.maxRooms())),
    LEAVE_ROOM("leaveRoom", "leftRoom", s -> new LeaveRoomHandler()),
    GET_PRESENCE("getPresence", "presenceStats", s -> new GetPresenceHandler(s.presence())),
    UPDATE_LOCATION("updateLocation", "locationUpdated", s -> new UpdateLocationHandler(s.presence(), s.clock())),
    MARK_NOTIFICATION_READ(
            "markNotificationRead",
            null,
            s -> new MarkReadHandler(s.log(), s.clock(), s.readerTasks(), s.readNotices())),
    RESUME("resume", null, s -> new ResumeHandler(s.replay())),
    ACK("ack", null, s -> new AckHandler(s.log(), s.epochs(), s.clock(), s.readerTasks())),
    REFRESH_TOKEN("refreshToken", "tokenRefreshed", s -> new RefreshTokenHandler(s.authenticator(), s.roomRights()));

    private static final Map<String, ClientEvent> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ClientEvent::wireName, event -> event));

    private final String wireName;
    private final @Nullable String answerName;
    private final Function<ClientEventServices, ClientEventHandler> factory;

    /** @param answerName the event that answers it; null if its acknowledgement is the whole answer */
    ClientEvent(
            String wireName, @Nullable String answerName, Function<ClientEventServices, ClientEventHandler> factory) {
        this.wireName = wireName;
        this.answerName = answerName;
        this.factory = factory;
    }

    /** Returns the event of a name, or null if it is not one of these. */
    static @Nullable ClientEvent find(String wireName) {
        return BY_NAME.get(wireName);
    }

    static Set<String> wireNames() {
        return BY_NAME.keySet();
    }

    static Set<String> answerNames() {
        return Arrays.stream(values())
                .map(ClientEvent::answerName)
                .filter(Objects::nonNull)
                .collect(Collectors.toUnmodifiableSet());
    }

    String wireName() {
        return wireName;
    }

    @Nullable
    String answerName() {
        return answerName;
    }

    ClientEventHandler handler(ClientEventServices services) {
        return factory.apply(services);
    }
}
