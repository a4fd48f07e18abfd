package io.notify.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Accepts well-formed UTF-8 only (RFC 3629): no overlong form, no surrogate, nothing beyond U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    /**
     * Encodes a text.
     *
     * @throws MalformedJsonException if it holds a lone surrogate, which has no encoding
     */
    static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // the encoder replaces a lone surrogate by a question mark, without an error
        if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            throw new MalformedJsonException("JSON: a lone surrogate");
        }
        checkStart(bytes);
        return bytes;
    }

    /**
     * Checks that bytes are well-formed, and do not begin as a JSON text in UTF-16 or UTF-32 does.
     *
     * @throws MalformedJsonException if they are not
     */
    static void check(byte[] bytes) {
        checkStart(bytes);
        try {
            // a new decoder reports malformed input instead of replacing it
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new MalformedJsonException("JSON: not UTF-8");
        }
    }

    /** RFC 8259, section 8.1: no byte order mark. JSON has no NUL, so one near the start means a wider encoding. */
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
}
