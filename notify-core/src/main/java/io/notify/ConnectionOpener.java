package io.notify;

import com.fasterxml.jackson.core.JsonGenerator;
import io.notify.json.RawJson;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections. It joins the rooms before it reads the log's position, so that no notification falls between replay and
 * live delivery.
 */
final class ConnectionOpener implements EventLane.Opener {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionOpener.class);
    private static final int GREETING_BYTES = 384;

    private final Hub hub;
    private final Replay replay;
    private final LiveConnection.Context context;
    private final Supplier<RateLimiter> limiters;

    ConnectionOpener(Hub hub, Replay replay, LiveConnection.Context context, Supplier<RateLimiter> limiters) {
        this.hub = hub;
        this.replay = replay;
        this.context = context;
        this.limiters = limiters;
    }

    @Override
    public Connection open(EventLane lane, ConnectRequest request, TransportSession session) {
        LiveConnection connection =
                new LiveConnection(context, lane, request, session, limiters.get(), hub.published());
        connection.enter();
        LOG.atDebug()
                .addKeyValue("connection", session.id())
                .addKeyValue("user", request.identity().userId())
                .addKeyValue("session", request.sessionId())
                .addKeyValue("transport", session.transport().wireName())
                .addKeyValue("cursor", request.cursor())
                .log("a connection opened");
        if (request.cursor() == null) {
            connection.goLive(hub.published());
            greet(connection);
        } else {
            connection.pauseAt(cursor(request.cursor()));
            replay.open(connection, () -> greet(connection));
        }
        lane.flush();
        return connection;
    }

    /** An unreadable cursor is treated like one of an unknown epoch: a gap is reported. */
    private static Position cursor(String text) {
        try {
            return Position.parse(text);
        } catch (IllegalArgumentException e) {
            return new Position("unknown", 0);
        }
    }

    private void greet(LiveConnection connection) {
        byte[] greeting = context.json().object(GREETING_BYTES, generator -> {
            generator.writeStringField("userId", connection.identity().userId());
            writeArray(generator, "roles", connection.identity().roles());
            generator.writeStringField("sessionId", connection.sessionId());
            generator.writeStringField("socketId", connection.socketId());
            writeArray(generator, "rooms", connection.rooms());
            generator.writeStringField("position", connection.position().toString());
            generator.writeStringField(
                    "serverTime", Timestamps.write(context.clock().instant()));
        });
        connection.send(ServerEvent.CONNECTED, new RawJson(greeting));
    }

    private static void writeArray(JsonGenerator generator, String name, Set<String> values) throws IOException {
        generator.writeArrayFieldStart(name);
        for (String value : values) {
            generator.writeString(value);
        }
        generator.writeEndArray();
    }
}
