package io.notify;

import java.time.Duration;

/**
 * Lets at most so many events through in a window that begins with its first event. A fixed window takes two longs and
 * two ints for a connection; its price, up to twice the limit across a window's edge, is one that a limit against abuse
 * can bear, and a client that stays below the limit never meets it. Confined to one thread.
 */
final class RateLimiter {
    private static final int PATIENCE = 5;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final int limit;
    private final long windowNanos;
    private long windowStart;
    private int used;
    private int refused;

    /**
     * A limiter that has seen nothing.
     *
     * @param limit 1 or more
     * @param window greater than zero
     */
    RateLimiter(int limit, Duration window) {
        check(limit, window);
        this.limit = limit;
        this.windowNanos = window.toNanos();
    }

    static void check(int limit, Duration window) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit: " + limit + " events (expected: >= 1)");
        }
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("window: " + window.toMillis() + " ms (expected: > 0 ms)");
        }
    }

    /** Returns 0 if the event may pass, else after how many milliseconds one may, at least 1. */
    long tryAcquire(long nowNanos) {
        return tryAcquire(nowNanos, 1);
    }

    /** As {@link #tryAcquire(long)} for several events, which pass together or not at all; more than the limit never do. */
    long tryAcquire(long nowNanos, int events) {
        if (isOver(nowNanos)) {
            windowStart = nowNanos;
            used = 0;
            refused = 0;
        }
        if (events <= limit - used) {
            used += events;
            return 0;
        }
        if (refused < Integer.MAX_VALUE) {
            refused++;
        }
        return millisLeft(nowNanos);
    }

    /** What {@link #tryAcquire} would return, but counts nothing. */
    long retryAfterMillis(long nowNanos) {
        return used < limit || isOver(nowNanos) ? 0 : millisLeft(nowNanos);
    }

    /** Whether the refusals of this window exceed five times the limit. */
    boolean exhausted() {
        return refused > limit * (long) PATIENCE;
    }

    private boolean isOver(long nowNanos) {
        return (used == 0 && refused == 0) || nowNanos - windowStart >= windowNanos;
    }

    /** Rounded up: who comes back after it is let in. */
    private long millisLeft(long nowNanos) {
        long nanos = windowNanos - (nowNanos - windowStart);
        return Math.max(1, nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI == 0 ? 0 : 1));
    }
}
