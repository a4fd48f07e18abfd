package io.notify.netty.engineio;

import io.notify.netty.http.WebSocketFrames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * One packet for clients, encoded once for all of them. It is a complete WebSocket frame; polling sends its payload.
 * Internal to notify-netty. Immutable; its arrays must not be modified.
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
     * Returns a text message, which holds one Socket.IO packet.
     *
     * @param utf8 the parts of the message, without Engine.IO's type digit; copied
     */
    public static EncodedPacket message(byte[]... utf8) {
        byte[][] pieces = new byte[utf8.length + 1][];
        pieces[0] = MESSAGE;
        System.arraycopy(utf8, 0, pieces, 1, utf8.length);
        return new EncodedPacket(WebSocketFrames.text(pieces), false);
    }

    /** Returns a binary message. The bytes are copied. */
    public static EncodedPacket binary(byte[] bytes) {
        return new EncodedPacket(WebSocketFrames.binary(bytes), true);
    }

    static EncodedPacket control(String packet) {
        return new EncodedPacket(WebSocketFrames.text(packet.getBytes(StandardCharsets.US_ASCII)), false);
    }

    /** Returns the length on a WebSocket in bytes, header included. */
    public int length() {
        return frame.length;
    }

    /** Returns the frame, always as the same array, so that {@link EngineSession#offerShared} copies it once. */
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
