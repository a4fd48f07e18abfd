package io.notify.netty.engineio;

import io.notify.netty.http.WebSocketFrames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * One packet to clients, encoded once for all of them: a whole WebSocket frame, of which polling takes the payload.
 * Internal to notify-netty. Immutable; the arrays are never changed.
 */
public final class EncodedPacket {
    private static final byte[] MESSAGE = {'4'};

    static final EncodedPacket CLOSE = control("1");
    static final EncodedPacket PING = control("2");
    static final EncodedPacket PROBE_PONG = control("3probe");
    static final EncodedPacket NOOP = control("6");

    private final byte[] frame;
    private final boolean binary;

    private EncodedPacket(byte[] frame, boolean binary) {
        this.frame = frame;
        this.binary = binary;
    }

    /**
     * A text message, for Socket.IO one packet.
     *
     * @param utf8 pieces of it, without Engine.IO's own type digit; copied
     */
    public static EncodedPacket message(byte[]... utf8) {
        byte[][] pieces = new byte[utf8.length + 1][];
        pieces[0] = MESSAGE;
        System.arraycopy(utf8, 0, pieces, 1, utf8.length);
        return new EncodedPacket(WebSocketFrames.text(pieces), false);
    }

    /** A binary message; the bytes are copied. */
    public static EncodedPacket binary(byte[] bytes) {
        return new EncodedPacket(WebSocketFrames.binary(bytes), true);
    }

    static EncodedPacket control(String packet) {
        return new EncodedPacket(WebSocketFrames.text(packet.getBytes(StandardCharsets.US_ASCII)), false);
    }

    /** How many bytes it takes on a WebSocket, header included. */
    public int length() {
        return frame.length;
    }

    /** The one array: who offers it to many connections offers the same. */
    byte[] frame() {
        return frame;
    }

    int pollingLength() {
        int length = payloadLength();
        return binary ? 1 + (length + 2) / 3 * 4 : length;
    }

    byte[] pollingBytes() {
        byte[] payload = Arrays.copyOfRange(frame, frame.length - payloadLength(), frame.length);
        return binary
                ? ("b" + Base64.getEncoder().encodeToString(payload)).getBytes(StandardCharsets.US_ASCII)
                : payload;
    }

    private int payloadLength() {
        int second = frame[1];
        return frame.length - (second < 126 ? 2 : second == 126 ? 4 : 10);
    }
}
