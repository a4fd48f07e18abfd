package io.notify;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the answers to client events, errors among them, and counts them. On the connection's lane. */
final class ClientReplies {
    private static final Logger LOG = LoggerFactory.getLogger(ClientReplies.class);

    private final Json json;
    private final EventMeters meters;

    ClientReplies(Json json, EventMeters meters) {
        this.json = json;
        this.meters = meters;
    }

    /**
     * An error reply.
     *
     * @param event the refused event; null if the message was not an event
     * @param retryAfterMillis null if a retry is not expected to succeed
     */
    record Refusal(
            ErrorCode code,
            String message,
            @Nullable String event,
            @Nullable Long retryAfterMillis) {}

    byte[] encode(Object body) {
        return json.event(body);
    }

    void answer(LiveConnection connection, Reply reply, String event, Object body) {
        reply.event(new OutboundEvent(event, encode(body), null, connection.position(), false));
        meters.sent(event, 1);
    }

    void refuse(LiveConnection connection, Reply reply, Refusal refusal) {
        meters.refused(refusal.code());
        LOG.atDebug()
                .addKeyValue("connection", connection.socketId())
                .addKeyValue("event", refusal.event())
                .addKeyValue("code", refusal.code())
                .addKeyValue("why", refusal.message())
                .log("an event was refused");
        answer(connection, reply, ServerEvent.ERROR.wireName(), body(refusal));
    }

    /** Sends an unsolicited {@code error}: the log cannot be read for this connection. */
    void unavailable(LiveConnection connection) {
        meters.refused(ErrorCode.UNAVAILABLE);
        connection.send(ServerEvent.ERROR, body(new Refusal(ErrorCode.UNAVAILABLE, "try again later", null, null)));
    }

    private static Map<String, Object> body(Refusal refusal) {
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
}
