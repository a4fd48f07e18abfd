package io.notify.netty.websocket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.notify.json.MalformedJsonException;
import io.notify.json.StrictJson;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One text frame of a client.
 *
 * @param event name of the event
 * @param data data of the event; JSON null if there is none
 * @param ack value to repeat in the reply, a number or string as JSON; null if the client asks for no acknowledgement
 */
record PlainFrame(String event, JsonNode data, @Nullable String ack) {
    private static final int MAX_ACK = 64;

    /** Parses a frame. Returns empty if it is malformed. */
    static Optional<PlainFrame> read(StrictJson json, String text) {
        JsonNode tree;
        try {
            tree = json.parse(text);
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
        JsonNode event = tree.path("event");
        JsonNode ack = tree.path("ack");
        boolean wantsAck = !ack.isMissingNode() && !ack.isNull();
        if (!tree.isObject() || !event.isTextual() || (wantsAck && !ack.isIntegralNumber() && !ack.isTextual())) {
            return Optional.empty();
        }
        String repeated = wantsAck ? ack.toString() : null;
        if (repeated != null && repeated.length() > MAX_ACK) {
            return Optional.empty();
        }
        JsonNode data = tree.path("data");
        return Optional.of(
                new PlainFrame(event.textValue(), data.isMissingNode() ? NullNode.getInstance() : data, repeated));
    }
}
