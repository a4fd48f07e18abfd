package io.notify.json;

import java.nio.charset.StandardCharsets;

/** Lets through only well-formed UTF-8 (RFC 3629): no overlong form, no surrogate, nothing beyond U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    /**
     * The text's bytes.
     *
     * @throws MalformedJsonException if it holds half a surrogate pair, which has none
     */
    static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // the encoder writes a question mark instead, and does not tell
        if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            throw new MalformedJsonException("JSON: a lone surrogate");
        }
        checkStart(bytes);
        return bytes;
    }

    /**
     * Returns if they are, and are not something that a JSON parser takes for UTF-16 or UTF-32.
     *
     * @throws MalformedJsonException if not
     */
    static void check(byte[] bytes) {
        checkStart(bytes);
        int i = 0;
        while (i < bytes.length) {
            if (bytes[i] >= 0) {
                i++;
            } else {
                int length = length(bytes, i);
                if (length == 0) {
                    throw new MalformedJsonException("JSON: not UTF-8");
                }
                i += length;
            }
        }
    }

    /** RFC 8259, 8.1: no byte order mark. JSON text has no NUL, so one near the start betrays a wider encoding. */
    private static void checkStart(byte[] bytes) {
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            if (bytes[i] == 0) {
                throw new MalformedJsonException("JSON: not UTF-8");
            }
        }
        if (bytes.length > 0 && bytes[0] < 0) {
            throw new MalformedJsonException("JSON: not well-formed, near line 1, column 1");
        }
    }

    /** The length of the sequence that begins at {@code i}, 2 to 4; 0 if it is none. The bounds are RFC 3629's syntax. */
    private static int length(byte[] b, int i) {
        int lead = b[i] & 0xFF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            return follows(b, i + 1, 1, 0x80, 0xBF) ? 2 : 0;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            int low = lead == 0xE0 ? 0xA0 : 0x80;
            int high = lead == 0xED ? 0x9F : 0xBF;
            return follows(b, i + 1, 2, low, high) ? 3 : 0;
        }
        if (lead >= 0xF0 && lead <= 0xF4) {
            int low = lead == 0xF0 ? 0x90 : 0x80;
            int high = lead == 0xF4 ? 0x8F : 0xBF;
            return follows(b, i + 1, 3, low, high) ? 4 : 0;
        }
        return 0;
    }

    private static boolean follows(byte[] b, int from, int count, int low, int high) {
        if (from + count > b.length || (b[from] & 0xFF) < low || (b[from] & 0xFF) > high) {
            return false;
        }
        for (int i = from + 1; i < from + count; i++) {
            if ((b[i] & 0xC0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
