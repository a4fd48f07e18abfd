package io.notify;

import java.time.Instant;

/**
 * The next deadline of a connection's token: first a warning, then the expiry. Immutable. Ordered by time; deadlines at the
 * same time are ordered by serial number.
 *
 * @param expiresAt when the token expires
 * @param warned whether the client has been warned, so that the deadline is the expiry itself
 * @param serial unique among the deadlines of a lane
 */
record TokenDeadline(Instant expiresAt, boolean warned, long serial) implements Comparable<TokenDeadline> {
    private static final long WARNING_MILLIS = 30_000;

    /** When it is due, in milliseconds of the epoch. */
    long dueMillis() {
        return warned ? expiresAt.toEpochMilli() : expiresAt.toEpochMilli() - WARNING_MILLIS;
    }

    boolean isExpired(long nowMillis) {
        return nowMillis >= expiresAt.toEpochMilli();
    }

    /** Returns the deadline after the warning. */
    TokenDeadline afterWarning() {
        return new TokenDeadline(expiresAt, true, serial);
    }

    @Override
    public int compareTo(TokenDeadline other) {
        int byTime = Long.compare(dueMillis(), other.dueMillis());
        return byTime == 0 ? Long.compare(serial, other.serial) : byTime;
    }
}
