package io.notify;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Purges rows that are too old, some hundred at a time and on a reader thread, so that no send waits for long; one purge at a
 * time.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int ROWS = 500;
    private static final int STEPS = 50;
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final NotificationLog log;
    private final Executor readers;
    private final Clock clock;
    private final Duration age;
    private final Meters meters;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile Instant next = Instant.MIN;

    Retention(NotificationLog log, Executor readers, Clock clock, Duration age, Meters meters) {
        this.log = log;
        this.readers = readers;
        this.clock = clock;
        this.age = age;
        this.meters = meters;
    }

    /** The timer, more often than anything is due; does not block. */
    void tick() {
        if (clock.instant().isBefore(next) || !running.compareAndSet(false, true)) {
            return;
        }
        try {
            readers.execute(this::purge);
        } catch (RejectedExecutionException e) {
            running.set(false); // readers are busy, or the service ends
        }
    }

    private void purge() {
        try {
            int purged = ROWS;
            for (int step = 0; step < STEPS && purged == ROWS; step++) {
                Instant now = clock.instant();
                purged = log.purge(now.minus(age), ROWS, now);
                meters.purged(purged);
                next = purged == ROWS ? now : now.plus(EVERY);
            }
        } catch (LogUnavailableException e) {
            next = clock.instant().plus(EVERY);
            LOG.warn("old rows could not be purged: {}", e.getMessage());
        } catch (RuntimeException e) {
            next = clock.instant().plus(EVERY);
            LOG.error("purging failed", e);
        } finally {
            running.set(false);
        }
    }
}
