package io.notify;

import java.util.Locale;

/** The reason why rows cannot be shown to a resuming client. */
enum GapReason {
    /** The cursor is of another log, or commits were lost. */
    EPOCH,
    /** The rows were purged. */
    EXPIRED,
    /** The client missed more rows than one replay shows. */
    LIMIT;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
