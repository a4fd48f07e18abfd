package io.notify;

import java.util.Set;

/** What may be a name of an event, a room, a user or a role: 1 to 255 visible characters. */
final class Names {
    private static final int MAX = 255;
    private static final int ASCII_END = 0x7F;
    /** Socket.IO's own events (socket.io-protocol v5); a client library would misread them. */
    private static final Set<String> RESERVED =
            Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    private Names() {}

    /** Returns {@code value}, or throws {@link IllegalArgumentException} naming {@code what}, never the value itself. */
    static String visible(String what, String value) {
        if (value.isEmpty() || value.length() > MAX || !isVisible(value)) {
            throw new IllegalArgumentException(what + ": expected 1 to 255 visible characters");
        }
        return value;
    }

    /** By hand, since each connect checks four names, and a stream is much code to run and to compile for that. */
    private static boolean isVisible(String value) {
        int codePoint;
        for (int i = 0; i < value.length(); i += Character.charCount(codePoint)) {
            codePoint = value.codePointAt(i);
            if ((codePoint <= ' ' || codePoint >= ASCII_END) && !isVisible(codePoint)) {
                return false;
            }
        }
        return true;
    }

    static String event(String what, String value) {
        visible(what, value);
        if (RESERVED.contains(value)) {
            throw new IllegalArgumentException(what + ": " + value + " is reserved by Socket.IO");
        }
        return value;
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
