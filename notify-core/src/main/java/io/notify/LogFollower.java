package io.notify;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes on this node the rows that other nodes have committed: those before a batch when the batch is published, and all
 * others at a fixed interval. Confined to the log thread.
 */
final class LogFollower {
    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
    private static final int PAGE_ROWS = 256;

    private final NotificationLog log;
    private final Hub hub;
    private final long intervalNanos;
    private long polledAt;

    /** @param now the present time of the clock that {@link #poll} is given, in nanoseconds */
    LogFollower(NotificationLog log, Hub hub, Duration interval, long now) {
        this.log = log;
        this.hub = hub;
        this.intervalNanos = interval.toNanos();
        this.polledAt = now;
    }

    /**
     * Publishes the rows before a position. If they cannot be read now, {@link #poll} will publish them, and the rows after
     * them.
     */
    void catchUpBefore(Position first) {
        Position published = hub.published();
        boolean follows = first.epoch().equals(published.epoch()) && first.seq() == published.seq() + 1;
        if (!follows) {
            try {
                catchUp(first.seq() - 1);
            } catch (LogUnavailableException e) {
                LOG.warn("rows of other nodes cannot be read now: {}", e.getMessage());
            }
        }
    }

    /**
     * Publishes all unpublished rows, if the interval has elapsed.
     *
     * @throws LogUnavailableException if the log cannot be read
     */
    void poll(long now) {
        if (now - polledAt >= intervalNanos) {
            polledAt = now;
            if (!log.head().equals(hub.published())) {
                catchUp(Long.MAX_VALUE);
            }
        }
    }

    /** Publishes the unpublished rows up to a number, whichever node has written them. */
    private void catchUp(long through) {
        boolean more = true;
        while (more) {
            Position published = hub.published();
            LogStretch stretch = log.stretch(published.seq(), through, PAGE_ROWS);
            Position head = stretch.head();
            if (!head.epoch().equals(published.epoch())) {
                // the end of the former epoch, not the present head: numbers beyond may denote other rows by now
                long end = log.endOfEpoch(published.epoch()).orElse(head.seq());
                hub.beginEpoch(new Position(head.epoch(), Math.min(end, head.seq())));
            } else if (head.seq() < published.seq()) {
                Position beginning = log.renewEpoch();
                LOG.warn(
                        "the log ends at {}, but {} was delivered: commits were lost; it continues as {}",
                        head,
                        published,
                        beginning);
                hub.beginEpoch(beginning);
            } else {
                hub.deliver(stretch);
                more = hub.published().seq() < Math.min(through, head.seq());
            }
        }
    }
}
