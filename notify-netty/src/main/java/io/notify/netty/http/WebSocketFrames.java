package io.notify.netty.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Encodes final, unmasked frames, as RFC 6455 requires of a server. Internal to notify-netty. Stateless. */
public final class WebSocketFrames {
    private static final int FINAL = 0x80;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    private WebSocketFrames() {}

    /** Returns the length of the header of a payload in bytes: 2, 4 or 10. */
    public static int headerLength(int payloadLength) {
        return payloadLength < 126 ? 2 : payloadLength < 65_536 ? 4 : 10;
    }

    /**
     * Returns a text frame.
     *
     * @param utf8 the parts of the payload
     */
    public static byte[] text(byte[]... utf8) {
        return frame(TEXT, utf8);
    }

    public static byte[] binary(byte[] payload) {
        return frame(BINARY, payload);
    }

    /**
     * Returns a ping frame.
     *
     * @param payload at most 125 bytes
     */
    public static byte[] ping(byte[] payload) {
        return frame(PING, payload);
    }

    static byte[] pong(byte[] payload) {
        return frame(PONG, payload);
    }

    static byte[] close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(code >> 8);
        payload.write(code);
        payload.write(text, 0, Math.min(text.length, 123));
        return frame(CLOSE, payload.toByteArray());
    }

    private static byte[] frame(int opcode, byte[]... payload) {
        int length = 0;
        for (byte[] piece : payload) {
            length += piece.length;
        }
        int at = headerLength(length);
        byte[] frame = new byte[at + length];
        frame[0] = (byte) (FINAL | opcode);
        if (at == 2) {
            frame[1] = (byte) length;
        } else if (at == 4) {
            frame[1] = 126;
            frame[2] = (byte) (length >> 8);
            frame[3] = (byte) length;
        } else {
            frame[1] = 127;
            for (int i = 0; i < 4; i++) {
                frame[6 + i] = (byte) (length >> (24 - 8 * i));
            }
        }
        for (byte[] piece : payload) {
            System.arraycopy(piece, 0, frame, at, piece.length);
            at += piece.length;
        }
        return frame;
    }
}
