package io.notify.jdbc;

import io.notify.Position;

/** The log ends before a position that was told: new rows would get numbers that somebody holds. Nothing was changed. */
final class LostCommitsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostCommitsException(Position end) {
        super("the log ends at " + end + ", but a higher position was told: commits were lost");
    }
}
