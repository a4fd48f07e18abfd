package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.notify.json.MalformedJsonException;
import io.notify.json.StrictJson;
import io.notify.netty.engineio.MalformedPacketException;
import java.util.Set;

/**
 * Decodes the text of a client's packet, {@code <type>[<attachments>-][<namespace>,][<ack id>][JSON]}. Rejects packets that
 * only a server may send. Stateless.
 */
final class PacketDecoder {
    private static final int MAX_ATTACHMENTS = 10;
    private static final int MAX_NAMESPACE = 255;
    /** JavaScript represents every number of 15 digits exactly. */
    private static final int MAX_ACK_DIGITS = 15;

    static final Set<String> RESERVED =
            Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    private static final SocketPacket.Type[] TYPES = SocketPacket.Type.values();

    private final StrictJson json = StrictJson.create();

    SocketPacket decode(String text) throws MalformedPacketException {
        if (text.isEmpty()) {
            throw new MalformedPacketException("empty packet (expected: a type digit)");
        }
        int digit = text.charAt(0) - '0';
        if (digit < 0 || digit >= TYPES.length) {
            throw new MalformedPacketException("unknown packet type (expected: 0 to 6)");
        }
        SocketPacket.Type type = TYPES[digit];
        int at = 1;
        int attachments = 0;
        if (type.isBinary()) {
            int end = digits(text, at);
            // Two digits suffice for the maximum, 10.
            if (end == at || end > at + 2 || end == text.length() || text.charAt(end) != '-') {
                throw new MalformedPacketException("missing attachment count (expected: 0 to 10 and a hyphen)");
            }
            attachments = Integer.parseInt(text, at, end, 10);
            if (attachments > MAX_ATTACHMENTS) {
                throw new MalformedPacketException(attachments + " attachments (expected: at most 10)");
            }
            at = end + 1;
        }
        String namespace = "/";
        if (at < text.length() && text.charAt(at) == '/') {
            int end = text.indexOf(',', at);
            namespace = end < 0 ? text.substring(at) : text.substring(at, end);
            if (namespace.length() > MAX_NAMESPACE) {
                throw new MalformedPacketException("namespace exceeds 255 characters");
            }
            at = end < 0 ? text.length() : end + 1;
        }
        long ackId = SocketPacket.NO_ACK;
        int end = digits(text, at);
        if (end > at) {
            if (end - at > MAX_ACK_DIGITS) {
                throw new MalformedPacketException("acknowledgement id exceeds 15 digits");
            }
            ackId = Long.parseLong(text, at, end, 10);
            at = end;
        }
        JsonNode data = at == text.length() ? MissingNode.getInstance() : read(text.substring(at));
        return new SocketPacket(type, namespace, ackId, attachments, checked(type, ackId, data));
    }

    private JsonNode read(String payload) throws MalformedPacketException {
        try {
            return json.parse(payload);
        } catch (MalformedJsonException e) {
            throw new MalformedPacketException("payload: " + e.getMessage());
        }
    }

    private static JsonNode checked(SocketPacket.Type type, long ackId, JsonNode data) throws MalformedPacketException {
        switch (type) {
            case CONNECT -> {
                if (data.isMissingNode()) {
                    return JsonNodeFactory.instance.objectNode();
                }
                require(
                        data.isObject() && ackId == SocketPacket.NO_ACK,
                        "CONNECT payload is not an object (expected: an object or none)");
            }
            case DISCONNECT ->
                require(data.isMissingNode() && ackId == SocketPacket.NO_ACK, "DISCONNECT has data (expected: none)");
            case EVENT, BINARY_EVENT ->
                require(
                        data.isArray()
                                && data.path(0).isTextual()
                                && !RESERVED.contains(data.path(0).textValue()),
                        "malformed event (expected: an array that begins with an event name that is not reserved)");
            case ACK, BINARY_ACK ->
                require(
                        data.isArray() && ackId != SocketPacket.NO_ACK,
                        "malformed acknowledgement (expected: an id and an array)");
            case CONNECT_ERROR ->
                throw new MalformedPacketException("CONNECT_ERROR from a client (expected: from the server)");
        }
        return data;
    }

    private static void require(boolean holds, String otherwise) throws MalformedPacketException {
        if (!holds) {
            throw new MalformedPacketException(otherwise);
        }
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
