package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Measures what a client sent, the same over every transport: bytes of its JSON without white space, binary as it is. */
final class EventSize {
    private EventSize() {}

    /** Whether {@code data} takes more than {@code limit} bytes; looks no further than it must. */
    static boolean exceeds(JsonNode data, int limit) {
        return left(data, limit) < 0;
    }

    /** What is left of so many bytes after a value; negative if it does not fit. Data is at most 64 levels deep. */
    private static long left(JsonNode node, long bytes) {
        long left = bytes;
        if (node.isObject()) {
            left -= 2 + Math.max(0, node.size() - 1);
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                left = left < 0 ? left : left(field.getValue(), left - text(field.getKey(), left) - 1);
            }
        } else if (node.isArray()) {
            left -= 2 + Math.max(0, node.size() - 1);
            for (int i = 0; i < node.size() && left >= 0; i++) {
                left = left(node.get(i), left);
            }
        } else if (node.isTextual()) {
            left -= text(node.textValue(), left);
        } else {
            // an attachment has no text but that of its base64, which is longer
            left -= node.isBinary()
                    ? node.asText().length() / 4 * 3L
                    : node.asText().length();
        }
        return left;
    }

    /** The bytes of a string with its quotes; no more is counted than shows that it is too long. */
    private static long text(String text, long enough) {
        long bytes = 2;
        for (int i = 0; i < text.length() && bytes <= enough; i++) {
            char c = text.charAt(i);
            // each half of a surrogate pair is two of its four
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
