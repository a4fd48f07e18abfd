package io.notify.netty.websocket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.notify.json.MalformedJsonException;
import io.notify.json.StrictJson;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client sent in one text frame.
 *
 * @param event its name
 * @param data what it carries; JSON null if nothing
 * @param ack what the client wants repeated with the answer, as JSON: a number or string; null if it wants none
 */
record PlainFrame(String event, JsonNode data, @Nullable String ack) {
    private static final int MAX_ACK = 64;

    /** Reads a frame; empty if it is none. A pure function. */
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
