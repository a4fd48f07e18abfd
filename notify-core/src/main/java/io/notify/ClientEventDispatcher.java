package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes each client event to its handler, after the checks common to all: rate limit and size. Every event is answered, at
 * the latest with an error. On the connection's lane.
 */
final class ClientEventDispatcher implements LiveConnection.ClientEventReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(ClientEventDispatcher.class);
    private static final int MAX_NAME = 255;

    private final Map<ClientEvent, ClientEventHandler> handlers = new EnumMap<>(ClientEvent.class);
    private final HostEvents hostEvents;
    private final ClientReplies replies;
    private final int maxBytes;
    private final LongSupplier nanoClock;
    private final EventMeters meters;

    ClientEventDispatcher(
            ClientEventServices services,
            HostEvents hostEvents,
            ClientReplies replies,
            int maxBytes,
            LongSupplier nanoClock,
            EventMeters meters) {
        for (ClientEvent event : ClientEvent.values()) {
            handlers.put(event, event.handler(services));
        }
        this.hostEvents = hostEvents;
        this.replies = replies;
        this.maxBytes = maxBytes;
        this.nanoClock = nanoClock;
        this.meters = meters;
    }

    @Override
    public void receive(LiveConnection connection, String event, JsonNode data, Reply reply) {
        if (event.length() > MAX_NAME) {
            receiveMalformed(connection, reply);
            return;
        }
        ClientEvent known = ClientEvent.find(event);
        if (known != null) {
            meters.received(event);
        } else {
            meters.received(hostEvents.contains(event) ? EventMeters.CUSTOM : EventMeters.UNKNOWN);
        }
        LOG.atDebug()
                .addKeyValue("connection", connection.socketId())
                .addKeyValue("event", event)
                .log("a client sent an event");
        if (!withinLimit(connection, event, reply)) {
            return;
        }
        ClientRequest request =
                new ClientRequest(connection, event, data, reply, known == null ? null : known.answerName(), replies);
        if (EventSize.exceeds(data, maxBytes)) {
            request.refuse(ErrorCode.PAYLOAD_TOO_LARGE, "expected at most " + maxBytes + " bytes");
            return;
        }
        try {
            handlers.getOrDefault(known, hostEvents::handle).handle(request);
        } catch (EventRefusedException e) {
            request.refuse(e.code(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("event of connection {} failed", connection.socketId(), e);
            request.refuse(ErrorCode.UNAVAILABLE, "it failed here");
        }
    }

    @Override
    public void receiveMalformed(LiveConnection connection, Reply reply) {
        meters.received(EventMeters.MALFORMED);
        if (withinLimit(connection, null, reply)) {
            replies.refuse(
                    connection,
                    reply,
                    new ClientReplies.Refusal(ErrorCode.INVALID_PAYLOAD, "expected an event", null, null));
        }
    }

    /** Counts an event against the rate limit. An event beyond it is refused; a client that persists is disconnected. */
    private boolean withinLimit(LiveConnection connection, @Nullable String event, Reply reply) {
        long retryAfterMillis = connection.limiter().tryAcquire(nanoClock.getAsLong());
        if (retryAfterMillis == 0) {
            return true;
        }
        replies.refuse(
                connection,
                reply,
                new ClientReplies.Refusal(ErrorCode.RATE_LIMITED, "too many events", event, retryAfterMillis));
        if (connection.limiter().exhausted()) {
            connection.end(CloseReason.RATE_LIMITED);
        }
        return false;
    }
}
