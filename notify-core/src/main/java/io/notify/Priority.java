package io.notify;

import java.util.Locale;

/** How soon a notification deserves attention; a hint to the client, sent in lower case. It never reorders the log. */
public enum Priority {
    LOW,
    NORMAL,
    HIGH;

    /** The name on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
