package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every event that a client may send, within the connection's rate limit; what it answers is SPEC.md's table. */
final class ClientEvents {
    private static final Logger LOG = LoggerFactory.getLogger(ClientEvents.class);
    private static final int MAX_NAME = 255;
    private static final int READS_AT_ONCE = 256;

    private final Services services;
    private final Map<String, EventHandler> custom;
    private final int maxBytes;
    private final LongSupplier nanoClock;
    private final Meters meters;

    ClientEvents(
            Services services, Map<String, EventHandler> custom, int maxBytes, LongSupplier nanoClock, Meters meters) {
        this.services = services;
        this.custom = Map.copyOf(custom);
        this.maxBytes = maxBytes;
        this.nanoClock = nanoClock;
        this.meters = meters;
    }

    /** What the events need of the service beside the connection itself. */
    record Services(
            Json json,
            Clock clock,
            Authenticator authenticator,
            RoomRights roomRights,
            int maxRooms,
            PresenceBook presence,
            RoomMemory roomMemory,
            NotificationLog log,
            Executor readers,
            Epochs epochs,
            Hub hub,
            MessageBus bus) {}

    void handle(LiveConnection connection, String event, JsonNode data, Reply reply) {
        if (event.length() > MAX_NAME) {
            malformed(connection, reply);
            return;
        }
        meters.received(kind(event));
        LOG.atDebug()
                .addKeyValue("connection", connection.socketId())
                .addKeyValue("event", event)
                .log("a client sent an event");
        if (!withinLimit(connection, event, reply)) {
            return;
        }
        if (EventSize.exceeds(data, maxBytes)) {
            String message = "expected at most " + maxBytes + " bytes";
            refuse(connection, reply, new Refusal(ErrorCode.PAYLOAD_TOO_LARGE, message, event, null));
            return;
        }
        try {
            dispatch(connection, event, data, reply);
        } catch (RefusedEvent e) {
            refuse(connection, reply, new Refusal(e.code, e.getMessage(), event, null));
        } catch (RuntimeException e) {
            LOG.error("event of connection {} failed", connection.socketId(), e);
            refuse(connection, reply, new Refusal(ErrorCode.UNAVAILABLE, "it failed here", event, null));
        }
    }

    private String kind(String event) {
        if (Meters.isOwn(event)) {
            return event;
        }
        return custom.containsKey(event) ? Meters.CUSTOM : Meters.UNKNOWN;
    }

    void malformed(LiveConnection connection, Reply reply) {
        meters.received(Meters.MALFORMED);
        if (withinLimit(connection, null, reply)) {
            refuse(connection, reply, new Refusal(ErrorCode.INVALID_PAYLOAD, "expected an event", null, null));
        }
    }

    /** Counts an event. Beyond the limit it is refused, and who keeps on is disconnected. */
    private boolean withinLimit(LiveConnection connection, @Nullable String event, Reply reply) {
        long retryAfterMillis = connection.limiter().tryAcquire(nanoClock.getAsLong());
        if (retryAfterMillis == 0) {
            return true;
        }
        refuse(connection, reply, new Refusal(ErrorCode.RATE_LIMITED, "too many events", event, retryAfterMillis));
        if (connection.limiter().exhausted()) {
            connection.end(CloseReason.RATE_LIMITED);
        }
        return false;
    }

    /** Says that what the connection asked for cannot be had now. */
    void unavailable(LiveConnection connection) {
        meters.refused(ErrorCode.UNAVAILABLE);
        connection.send("error", refusalBody(new Refusal(ErrorCode.UNAVAILABLE, "try again later", null, null)));
    }

    private void dispatch(LiveConnection connection, String event, JsonNode data, Reply reply) {
        switch (event) {
            case "ping" -> answer(connection, reply, "pong", Map.of("timestamp", now()));
            case "joinRoom" -> joinRoom(connection, data, reply);
            case "leaveRoom" -> leaveRoom(connection, data, reply);
            case "getPresence" -> presence(connection, data, reply);
            case "updateLocation" -> updateLocation(connection, data, reply);
            case "markNotificationRead" -> markRead(connection, data, reply);
            case "resume" -> resume(connection, data, reply);
            case "ack" -> acknowledge(connection, data, reply);
            case "refreshToken" -> refreshToken(connection, data, reply);
            default -> custom(connection, event, data, reply);
        }
    }

    private void joinRoom(LiveConnection connection, JsonNode data, Reply reply) {
        String room = roomName(data);
        String key = new Audience.Room(room).key();
        if (!connection.isOwn(key)) {
            if (!services.roomRights().mayJoin(connection.identity(), room)) {
                throw new RefusedEvent(ErrorCode.FORBIDDEN_ROOM, "you may not join this room");
            }
            if (connection.rooms().size() >= services.maxRooms()
                    && !connection.rooms().contains(room)) {
                throw new RefusedEvent(
                        ErrorCode.FORBIDDEN_ROOM, "at most " + services.maxRooms() + " rooms for a connection");
            }
            connection.joinKey(key);
            connection.remember();
        }
        answer(connection, reply, "joinedRoom", Map.of("room", room));
    }

    private void leaveRoom(LiveConnection connection, JsonNode data, Reply reply) {
        String room = roomName(data);
        String key = new Audience.Room(room).key();
        if (connection.isOwn(key)) {
            throw new RefusedEvent(ErrorCode.FORBIDDEN_ROOM, "this room cannot be left");
        }
        connection.leaveRoom(room);
        connection.remember();
        answer(connection, reply, "leftRoom", Map.of("room", room));
    }

    private static String roomName(JsonNode data) {
        JsonNode name = data.isObject() ? data.path("room") : data;
        if (!name.isTextual()) {
            throw new RefusedEvent(ErrorCode.INVALID_PAYLOAD, "room: expected a string");
        }
        try {
            return Names.visible("room", name.textValue());
        } catch (IllegalArgumentException e) {
            throw new RefusedEvent(ErrorCode.INVALID_PAYLOAD, "room: expected 1 to 255 visible characters");
        }
    }

    private void presence(LiveConnection connection, JsonNode data, Reply reply) {
        if (!data.has("userId")) {
            answer(connection, reply, "presenceStats", services.presence().stats());
            return;
        }
        if (!connection.identity().hasRole("ADMIN")) {
            throw new RefusedEvent(ErrorCode.UNAUTHORIZED, "only ADMIN may ask about one user");
        }
        String userId = text(data, "userId");
        List<SessionInfo> sessions = services.presence().sessions(userId);
        List<Map<String, String>> listed = sessions.stream()
                .map(s -> Map.of(
                        "sessionId", s.sessionId(),
                        "socketId", s.socketId(),
                        "transport", s.transport().wireName(),
                        "connectedAt", Timestamps.write(s.connectedAt())))
                .toList();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("userId", userId);
        answer.put("online", !sessions.isEmpty());
        answer.put("sessions", listed);
        services.presence().lastSeen(userId).ifPresent(at -> answer.put("lastSeen", Timestamps.write(at)));
        answer(connection, reply, "presenceStats", answer);
    }

    private void updateLocation(LiveConnection connection, JsonNode data, Reply reply) {
        GeoPoint point;
        try {
            point = new GeoPoint(number(data, "latitude"), number(data, "longitude"));
        } catch (IllegalArgumentException e) {
            throw new RefusedEvent(ErrorCode.INVALID_PAYLOAD, e.getMessage());
        }
        services.presence().updateLocation(connection.identity().userId(), point);
        answer(connection, reply, "locationUpdated", new Location(point.latitude(), point.longitude(), now()));
    }

    private void markRead(LiveConnection connection, JsonNode data, Reply reply) {
        UUID id;
        try {
            id = UUID.fromString(text(data, "notificationId"));
        } catch (IllegalArgumentException e) {
            throw new RefusedEvent(ErrorCode.INVALID_PAYLOAD, "notificationId: expected a UUID");
        }
        LogReader reader = connection.reader();
        inReader(connection, "markNotificationRead", reply, () -> {
            Optional<Instant> readAt =
                    services.log().markRead(reader, id, services.clock().instant());
            if (readAt.isEmpty()) {
                throw new RefusedEvent(ErrorCode.NOT_FOUND, "no such notification");
            }
            byte[] body = services.json().event(readBody(id, readAt.get()));
            tellRead(reader.userId(), List.of(id), readAt.get());
            return () -> reply.acknowledge(body);
        });
    }

    /** Says {@code notificationRead} of each notification on every connection of the user. */
    void tellRead(String userId, List<UUID> ids, Instant readAt) {
        for (int from = 0; from < ids.size(); from += READS_AT_ONCE) {
            List<UUID> some = ids.subList(from, Math.min(ids.size(), from + READS_AT_ONCE));
            services.bus()
                    .publish(some.stream()
                            .map(id -> told(userId, services.json().event(readBody(id, readAt))))
                            .toList());
        }
    }

    private Delivery told(String userId, byte[] body) {
        OutboundEvent event =
                new OutboundEvent("notificationRead", body, null, services.hub().published(), true);
        return new Delivery(
                event, Audience.user(userId).key(), List.of(), services.clock().instant(), null);
    }

    private static ReadBody readBody(UUID id, Instant readAt) {
        return new ReadBody(id.toString(), Timestamps.write(readAt));
    }

    private void resume(LiveConnection connection, JsonNode data, Reply reply) {
        Position cursor = position(data);
        connection.resume(
                cursor,
                () -> reply.acknowledge(services.json()
                        .event(Map.of("position", connection.position().toString()))));
    }

    private void acknowledge(LiveConnection connection, JsonNode data, Reply reply) {
        Position position = position(data);
        String userId = connection.identity().userId();
        inReader(connection, "ack", reply, () -> {
            // the log's own head: a receipt may be out before this node has published its row
            Position head = services.log().head();
            if (services.epochs().present(position, head).isEmpty()) {
                throw new RefusedEvent(ErrorCode.INVALID_PAYLOAD, "position: beyond the end of the log");
            }
            services.log().acknowledge(userId, position.seq(), services.clock().instant());
            return () -> reply.acknowledge(services.json().event(Map.of("position", position.toString())));
        });
    }

    private static Position position(JsonNode data) {
        JsonNode text = data.isObject() ? data.path("position") : data;
        try {
            return Position.parse(text.textValue() == null ? "" : text.textValue());
        } catch (IllegalArgumentException e) {
            throw new RefusedEvent(ErrorCode.INVALID_PAYLOAD, "position: expected epoch-seq");
        }
    }

    private void refreshToken(LiveConnection connection, JsonNode data, Reply reply) {
        String token = text(data, "token");
        services.authenticator()
                .authenticate(LiveGateway.withoutScheme(token))
                .whenComplete((identity, failure) -> connection.lane().execute(() -> {
                    if (failure != null
                            || !identity.userId().equals(connection.identity().userId())) {
                        refuse(
                                connection,
                                reply,
                                new Refusal(ErrorCode.UNAUTHORIZED, "the token was refused", "refreshToken", null));
                    } else if (!connection.isClosed()) {
                        connection.renew(identity);
                        leaveForbiddenRooms(connection);
                        Map<String, Object> answer = new LinkedHashMap<>();
                        answer.put(
                                "expiresAt",
                                identity.expiresAt() == null ? null : Timestamps.write(identity.expiresAt()));
                        answer(connection, reply, "tokenRefreshed", answer);
                    }
                    connection.lane().flush();
                }));
    }

    /** Rights come with the token: what the new one does not allow ends with the old one. */
    private void leaveForbiddenRooms(LiveConnection connection) {
        List<String> forbidden = connection.joinedRooms().stream()
                .filter(room ->
                        !connection.isPlaced(room) && !services.roomRights().mayJoin(connection.identity(), room))
                .toList();
        if (!forbidden.isEmpty()) {
            forbidden.forEach(connection::leaveRoom);
            connection.remember();
        }
    }

    private void custom(LiveConnection connection, String event, JsonNode data, Reply reply) {
        EventHandler handler = custom.get(event);
        if (handler == null) {
            throw new RefusedEvent(ErrorCode.UNKNOWN_EVENT, "no such event");
        }
        boolean taken = connection.handlerCalls().offer(() -> {
            Runnable answer = call(handler, connection, event, data, reply);
            connection.lane().execute(() -> {
                answer.run();
                connection.lane().flush();
            });
        });
        if (!taken) {
            throw new RefusedEvent(ErrorCode.UNAVAILABLE, "too many events wait");
        }
    }

    private Runnable call(EventHandler handler, LiveConnection connection, String event, JsonNode data, Reply reply) {
        try {
            byte[] answer = services.json().write(handler.handle(connection, data));
            return () -> reply.acknowledge(answer);
        } catch (Exception e) {
            LOG.error("the handler of a custom event failed for connection {}", connection.socketId(), e);
            return () ->
                    refuse(connection, reply, new Refusal(ErrorCode.UNAVAILABLE, "the handler failed", event, null));
        }
    }

    /** Runs blocking work on a reader thread and its result on the lane. */
    private void inReader(LiveConnection connection, String event, Reply reply, Supplier<Runnable> work) {
        try {
            services.readers().execute(() -> {
                Runnable result;
                try {
                    result = work.get();
                } catch (RefusedEvent e) {
                    result = () -> refuse(connection, reply, new Refusal(e.code, e.getMessage(), event, null));
                } catch (LogUnavailableException e) {
                    LOG.warn("an event could not be served: {}", e.getMessage());
                    result = () -> refuse(
                            connection, reply, new Refusal(ErrorCode.UNAVAILABLE, "try again later", event, null));
                } catch (RuntimeException e) {
                    LOG.error("an event of connection {} failed", connection.socketId(), e);
                    result = () -> refuse(
                            connection, reply, new Refusal(ErrorCode.UNAVAILABLE, "it failed here", event, null));
                }
                Runnable onLane = result;
                connection.lane().execute(() -> {
                    onLane.run();
                    connection.lane().flush();
                });
            });
        } catch (RejectedExecutionException e) {
            throw new RefusedEvent(ErrorCode.UNAVAILABLE, "try again later");
        }
    }

    private void answer(LiveConnection connection, Reply reply, String event, Object data) {
        reply.event(new OutboundEvent(event, services.json().event(data), null, connection.position(), false));
        meters.sent(event, 1);
    }

    private void refuse(LiveConnection connection, Reply reply, Refusal refusal) {
        meters.refused(refusal.code());
        LOG.atDebug()
                .addKeyValue("connection", connection.socketId())
                .addKeyValue("event", refusal.event())
                .addKeyValue("code", refusal.code())
                .addKeyValue("why", refusal.message())
                .log("an event was refused");
        answer(connection, reply, "error", refusalBody(refusal));
    }

    private static Map<String, Object> refusalBody(Refusal refusal) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("code", refusal.code());
        body.put("message", refusal.message());
        if (refusal.event() != null) {
            body.put("event", refusal.event());
        }
        if (refusal.retryAfterMillis() != null) {
            body.put("retryAfterMs", refusal.retryAfterMillis());
        }
        return body;
    }

    private String now() {
        return Timestamps.write(services.clock().instant());
    }

    private static String text(JsonNode data, String field) {
        JsonNode value = data.path(field);
        if (!value.isTextual()) {
            throw new RefusedEvent(ErrorCode.INVALID_PAYLOAD, field + ": expected a string");
        }
        return value.textValue();
    }

    private static double number(JsonNode data, String field) {
        JsonNode value = data.path(field);
        if (!value.isNumber()) {
            throw new RefusedEvent(ErrorCode.INVALID_PAYLOAD, field + ": expected a number");
        }
        return value.doubleValue();
    }

    private record ReadBody(String notificationId, String readAt) {}

    private record Location(double latitude, double longitude, String timestamp) {}

    private record Refusal(
            ErrorCode code,
            String message,
            @Nullable String event,
            @Nullable Long retryAfterMillis) {}

    /** Carries a refusal out of the depth of one event; never leaves this class. */
    private static final class RefusedEvent extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final ErrorCode code;

        RefusedEvent(ErrorCode code, @Nullable String message) {
            super(message, null, false, false);
            this.code = code;
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
