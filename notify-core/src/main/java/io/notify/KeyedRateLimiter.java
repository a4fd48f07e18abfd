package io.notify;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lets at most so many events through for each key, such as an address or a user, in a window that begins with the key's
 * first event. It remembers a bounded number of keys, the rarest forgotten first, and none for longer than a window after
 * its last event.
 *
 * <p>Any thread; never blocks for longer than it takes to count. Nothing is to be closed.
 *
 * @param <K> the keys, told apart by {@code equals}
 */
public final class KeyedRateLimiter<K> {
    private final Cache<K, RateLimiter> limiters;
    private final LongSupplier nanoClock;
    private final int limit;
    private final Duration window;

    /**
     * A limiter that has seen nothing.
     *
     * @param limit events for each key and window, 1 or more
     * @param window greater than zero
     * @param maxKeys how many keys are remembered, 1 or more; about 200 bytes each
     * @param nanoClock a clock that never goes back, such as {@link System#nanoTime}
     * @throws IllegalArgumentException if a number is out of its range
     */
    public KeyedRateLimiter(int limit, Duration window, int maxKeys, LongSupplier nanoClock) {
        if (maxKeys < 1) {
            throw new IllegalArgumentException("maxKeys: " + maxKeys + " (expected: >= 1)");
        }
        RateLimiter.check(limit, window);
        this.limit = limit;
        this.window = window;
        this.nanoClock = nanoClock;
        this.limiters = Caffeine.newBuilder()
                .maximumSize(maxKeys)
                .expireAfterAccess(window)
                .ticker(nanoClock::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** Counts an event; returns 0 if it may pass, else after how many milliseconds one may, at least 1. */
    public long tryAcquire(K key) {
        return tryAcquire(key, 1);
    }

    /**
     * Counts several events, which pass together or not at all.
     *
     * @param key whose
     * @param events 1 or more; more than the limit never pass
     * @return 0 if they may pass, else after how many milliseconds to try again, at least 1
     */
    public long tryAcquire(K key, int events) {
        RateLimiter limiter = limiters.get(key, unknown -> new RateLimiter(limit, window));
        synchronized (limiter) {
            return limiter.tryAcquire(nanoClock.getAsLong(), events);
        }
    }

    /**
     * Returns 0 if an event would pass, else after how many milliseconds one would; counts nothing. For what is counted only
     * once it has failed, such as a sign-in.
     */
    public long retryAfterMillis(K key) {
        RateLimiter limiter = limiters.getIfPresent(key);
        if (limiter == null) {
            return 0;
        }
        synchronized (limiter) {
            return limiter.retryAfterMillis(nanoClock.getAsLong());
        }
    }
}
