package io.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the log can be written: the result of its last use, or of a probe if it is unavailable or has not been used for a
 * while. Changed by the log thread; any thread may read it.
 */
final class LogAvailability {
    private static final Logger LOG = LoggerFactory.getLogger(LogAvailability.class);
    /** Interval of the probes of an idle log, so that readiness is up to date although no one sends. */
    private static final Duration PROBE_EVERY = Duration.ofSeconds(5);

    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(300);

    private final NotificationLog log;
    private volatile boolean available = true;
    private long probedAt; // confined to the log thread

    /** @param now the present time of the clock that {@link #probe} is given, in nanoseconds */
    LogAvailability(NotificationLog log, long now) {
        this.log = log;
        this.probedAt = now;
    }

    boolean isAvailable() {
        return available;
    }

    /**
     * Probes the log if it is unavailable, or if it is idle and a probe is due.
     *
     * @return false if the log did not answer; the caller then reports {@link #unavailable}
     */
    boolean probe(long now, boolean idle) {
        if (available && (!idle || now - probedAt < PROBE_EVERY.toNanos())) {
            return true;
        }
        probedAt = now;
        if (!log.isReachable(PROBE_TIMEOUT)) {
            return false;
        }
        available();
        return true;
    }

    void unavailable(String message, @Nullable Throwable cause) {
        if (available) {
            available = false;
            LOG.error(message, cause);
        }
    }

    void available() {
        if (!available) {
            available = true;
            LOG.info("the log can be written again");
        }
    }
}
