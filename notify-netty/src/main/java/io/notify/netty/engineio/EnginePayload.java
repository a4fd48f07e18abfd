package io.notify.netty.engineio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;

/** Decodes and encodes packets. Never allocates memory by a count or length that a client claims. Stateless. */
final class EnginePayload {
    private static final char SEPARATOR = '\u001e';
    private static final EnginePacket.Type[] TYPES = EnginePacket.Type.values();

    private EnginePayload() {}

    /** Decodes the packet of one WebSocket text frame. */
    static EnginePacket decodeFrame(String frame) throws MalformedPacketException {
        if (frame.isEmpty()) {
            throw new MalformedPacketException("empty packet (expected: a type digit)");
        }
        int type = frame.charAt(0) - '0';
        if (type < 0 || type >= TYPES.length) {
            throw new MalformedPacketException("unknown packet type (expected: 0 to 6)");
        }
        return new EnginePacket.Text(TYPES[type], frame.substring(1));
    }

    /** Decodes the packets of a {@code POST}. */
    static List<EnginePacket> decodeBody(byte[] body) throws MalformedPacketException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new MalformedPacketException("body is not UTF-8");
        }
        List<EnginePacket> packets = new ArrayList<>(1);
        int from = 0;
        while (true) {
            int to = text.indexOf(SEPARATOR, from);
            packets.add(decode(to < 0 ? text.substring(from) : text.substring(from, to)));
            if (to < 0) {
                return packets;
            }
            from = to + 1;
        }
    }

    private static EnginePacket decode(String packet) throws MalformedPacketException {
        if (!packet.startsWith("b")) {
            return decodeFrame(packet);
        }
        try {
            // The Java client breaks base64 into lines, as MIME does.
            String base64 = packet.substring(1).replace("\n", "");
            return new EnginePacket.Binary(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException malformed) {
            throw new MalformedPacketException("binary packet is not base64");
        }
    }

    /**
     * Removes packets from the queue and encodes them as the response to one poll.
     *
     * @param maxBytes limit of the response; the first packet is taken even if it is longer
     */
    static byte[] encodeBody(Deque<EncodedPacket> queue, int maxBytes) {
        EncodedPacket first = queue.remove();
        if (queue.isEmpty()) {
            return first.pollingBytes();
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(first.pollingBytes());
        EncodedPacket next = queue.peek();
        while (next != null && body.size() + 1 + next.pollingLength() <= maxBytes) {
            body.write(SEPARATOR);
            body.writeBytes(next.pollingBytes());
            queue.remove();
            next = queue.peek();
        }
        return body.toByteArray();
    }
}
