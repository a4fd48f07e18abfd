package io.notify.runner;

import java.nio.charset.StandardCharsets;

/** A text that is never printed: what holds one can be logged whole. */
record Secret(String value) {
    /** What HS256 wants of its key (RFC 7518, section 3.2). */
    static final int MIN_BYTES = 32;

    int bytes() {
        return value.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public String toString() {
        return "***";
    }
}
