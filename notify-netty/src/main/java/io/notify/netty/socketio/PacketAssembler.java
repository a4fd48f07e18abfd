package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.notify.netty.engineio.MalformedPacketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the messages of one client to packets. At most one packet waits for its attachments, and its size is bounded.
 * Not thread-safe.
 */
final class PacketAssembler {
    private static final String PLACEHOLDER = "_placeholder";

    private final PacketDecoder decoder;
    private final int maxBytes;
    private @Nullable SocketPacket waiting;
    private @Nullable List<byte[]> attachments;
    private long waitingBytes;

    /** @param maxBytes limit of a packet and its attachments together */
    PacketAssembler(PacketDecoder decoder, int maxBytes) {
        this.decoder = decoder;
        this.maxBytes = maxBytes;
    }

    /** Accepts a text message. Returns the packet if it is complete, else null. */
    @Nullable
    SocketPacket text(String text) throws MalformedPacketException {
        if (waiting != null) {
            throw new MalformedPacketException("text message between attachments (expected: binary)");
        }
        SocketPacket packet = decoder.decode(text);
        if (!packet.type().isBinary()) {
            return packet;
        }
        // Checked before any attachment is kept, so that a malformed packet takes no memory.
        checkPlaceholders(packet.data(), packet.attachments());
        if (packet.attachments() == 0) {
            return packet;
        }
        waiting = packet;
        waitingBytes = text.length();
        attachments = new ArrayList<>(2);
        return null;
    }

    /** Accepts a binary message. Returns the packet if this was its last attachment, else null. */
    @Nullable
    SocketPacket binary(byte[] bytes) throws MalformedPacketException {
        SocketPacket packet = waiting;
        List<byte[]> received = attachments;
        if (packet == null || received == null) {
            throw new MalformedPacketException("unannounced binary message (expected: text)");
        }
        waitingBytes += bytes.length;
        if (waitingBytes > maxBytes) {
            throw new MalformedPacketException("packet exceeds " + maxBytes + " bytes with its attachments");
        }
        received.add(bytes);
        if (received.size() < packet.attachments()) {
            return null;
        }
        waiting = null;
        attachments = null;
        return new SocketPacket(
                packet.type(), packet.namespace(), packet.ackId(), received.size(), filled(packet.data(), received));
    }

    private static boolean isPlaceholder(JsonNode node) {
        return node.isObject()
                && node.path(PLACEHOLDER).isBoolean()
                && node.path(PLACEHOLDER).booleanValue();
    }

    private static void checkPlaceholders(JsonNode node, int count) throws MalformedPacketException {
        if (isPlaceholder(node)) {
            JsonNode index = node.path("num");
            if (!index.isInt() || index.intValue() < 0 || index.intValue() >= count) {
                throw new MalformedPacketException(
                        "placeholder without attachment (expected: an index below the attachment count)");
            }
        } else {
            for (JsonNode child : node) {
                checkPlaceholders(child, count);
            }
        }
    }

    private static JsonNode filled(JsonNode node, List<byte[]> attachments) {
        if (isPlaceholder(node)) {
            return BinaryNode.valueOf(attachments.get(node.path("num").intValue()));
        }
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                field.setValue(filled(field.getValue(), attachments));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, filled(array.get(i), attachments));
            }
        }
        return node;
    }
}
