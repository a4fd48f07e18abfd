package io.notify.netty.socketio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.notify.netty.engineio.EncodedPacket;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes packets for clients. Binary values become attachments. Internal to notify-netty. Immutable; any thread. */
public final class PacketEncoder {
    private static final int CONNECTED_SIZE = 128;

    private final ObjectMapper mapper;

    /** @param mapper converts values to JSON */
    public PacketEncoder(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Encodes an event that is already JSON and has no binary values.
     *
     * @param namespace name with a leading slash
     * @param arguments JSON array that begins with the name of the event; copied
     */
    public static EncodedPacket event(String namespace, byte[] arguments) {
        return EncodedPacket.message(head(SocketPacket.Type.EVENT, 0, namespace, SocketPacket.NO_ACK), arguments);
    }

    /**
     * Encodes an acknowledgement that is already JSON and has no binary values.
     *
     * @param arguments JSON array; copied
     */
    public static EncodedPacket acknowledgement(String namespace, long ackId, byte[] arguments) {
        return EncodedPacket.message(head(SocketPacket.Type.ACK, 0, namespace, ackId), arguments);
    }

    /**
     * Returns an array of an event's name and arguments.
     *
     * @throws IllegalArgumentException if the name is reserved, or an argument cannot be converted to JSON
     */
    ArrayNode arguments(String event, Object... arguments) {
        if (PacketDecoder.RESERVED.contains(event)) {
            throw new IllegalArgumentException("event: " + event + " is reserved by Socket.IO");
        }
        ArrayNode array = arguments(arguments);
        array.insert(0, event);
        return array;
    }

    ArrayNode arguments(Object... arguments) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(arguments.length + 1);
        for (Object argument : arguments) {
            JsonNode node = argument instanceof JsonNode given ? given : mapper.valueToTree(argument);
            array.add(node);
        }
        return array;
    }

    List<EncodedPacket> event(String namespace, long ackId, ArrayNode arguments) {
        return encode(SocketPacket.Type.EVENT, SocketPacket.Type.BINARY_EVENT, namespace, ackId, arguments);
    }

    List<EncodedPacket> acknowledgement(String namespace, long ackId, ArrayNode arguments) {
        return encode(SocketPacket.Type.ACK, SocketPacket.Type.BINARY_ACK, namespace, ackId, arguments);
    }

    /** @param sid URL-safe characters only, which need no escape in JSON */
    static EncodedPacket connected(String namespace, String sid, @Nullable String pid) {
        // Every client gets one. A JSON generator would cost more than the two strings.
        StringBuilder reply =
                new StringBuilder(CONNECTED_SIZE).append("{\"sid\":\"").append(sid);
        if (pid != null) {
            JsonStringEncoder.getInstance().quoteAsString(pid, reply.append("\",\"pid\":\""));
        }
        return EncodedPacket.message(
                head(SocketPacket.Type.CONNECT, 0, namespace, SocketPacket.NO_ACK),
                reply.append("\"}").toString().getBytes(StandardCharsets.UTF_8));
    }

    EncodedPacket refused(String namespace, ConnectError error) {
        ObjectNode reply = JsonNodeFactory.instance.objectNode().put("message", error.message());
        if (!error.data().isMissingNode()) {
            reply.set("data", error.data());
        }
        return plain(SocketPacket.Type.CONNECT_ERROR, namespace, reply);
    }

    static EncodedPacket disconnected(String namespace) {
        return EncodedPacket.message(head(SocketPacket.Type.DISCONNECT, 0, namespace, SocketPacket.NO_ACK));
    }

    private EncodedPacket plain(SocketPacket.Type type, String namespace, JsonNode data) {
        return EncodedPacket.message(head(type, 0, namespace, SocketPacket.NO_ACK), bytes(data));
    }

    private List<EncodedPacket> encode(
            SocketPacket.Type text, SocketPacket.Type binary, String namespace, long ackId, ArrayNode arguments) {
        if (!hasBinary(arguments)) {
            return List.of(EncodedPacket.message(head(text, 0, namespace, ackId), bytes(arguments)));
        }
        List<byte[]> attachments = new ArrayList<>();
        byte[] json = bytes(withoutBinary(arguments, attachments));
        List<EncodedPacket> packets = new ArrayList<>(attachments.size() + 1);
        packets.add(EncodedPacket.message(head(binary, attachments.size(), namespace, ackId), json));
        for (byte[] attachment : attachments) {
            packets.add(EncodedPacket.binary(attachment));
        }
        return packets;
    }

    private byte[] bytes(JsonNode node) {
        try {
            return mapper.writeValueAsBytes(node);
        } catch (JsonProcessingException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] head(SocketPacket.Type type, int attachments, String namespace, long ackId) {
        StringBuilder head = new StringBuilder(16).append(type.digit());
        if (type.isBinary()) {
            head.append(attachments).append('-');
        }
        if (!namespace.equals("/")) {
            head.append(namespace).append(',');
        }
        if (ackId != SocketPacket.NO_ACK) {
            head.append(ackId);
        }
        return head.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean hasBinary(JsonNode node) {
        if (node.isBinary()) {
            return true;
        }
        for (JsonNode child : node) {
            if (hasBinary(child)) {
                return true;
            }
        }
        return false;
    }

    /** Returns a copy, since the caller owns the tree. */
    private static JsonNode withoutBinary(JsonNode node, List<byte[]> attachments) {
        if (node instanceof BinaryNode binary) {
            attachments.add(binary.binaryValue());
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("_placeholder", true)
                    .put("num", attachments.size() - 1);
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            object.properties()
                    .forEach(field -> copy.set(field.getKey(), withoutBinary(field.getValue(), attachments)));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
            array.forEach(element -> copy.add(withoutBinary(element, attachments)));
            return copy;
        }
        return node;
    }
}
