package io.notify;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ensures that no position denotes two notifications. A client position beyond the end of the log proves that commits were
 * lost, so a new epoch begins before another row can take its number.
 *
 * <p>A forged position does no harm: positions of former epochs keep denoting the same rows, and at most one epoch in ten
 * seconds begins for this reason. Methods block; they are called on reader threads.
 */
final class Epochs {
    private static final Logger LOG = LoggerFactory.getLogger(Epochs.class);
    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final NotificationLog log;
    private final LongSupplier nanoClock;

    // guarded by this
    private boolean renewedBefore;
    private long renewedAt;

    Epochs(NotificationLog log, LongSupplier nanoClock) {
        this.log = log;
        this.nanoClock = nanoClock;
    }

    /** Converts a position of any epoch to the present one; empty if it denotes no row of this log. */
    Optional<Position> present(Position position, Position head) {
        if (position.epoch().equals(head.epoch())) {
            return position.seq() <= head.seq() ? Optional.of(position) : Optional.empty();
        }
        OptionalLong end = log.endOfEpoch(position.epoch());
        return end.isPresent() && position.seq() <= end.getAsLong()
                ? Optional.of(new Position(head.epoch(), position.seq()))
                : Optional.empty();
    }

    /**
     * Begins a new epoch if a position is beyond the end of the log.
     *
     * @param shown a client's position
     */
    synchronized void lost(Position shown) {
        Position head = log.head();
        long now = nanoClock.getAsLong();
        boolean ahead = shown.epoch().equals(head.epoch()) && shown.seq() > head.seq();
        if (ahead && (!renewedBefore || now - renewedAt >= PAUSE_NANOS)) {
            renewedBefore = true;
            renewedAt = now;
            Position renewed = log.renewEpoch();
            LOG.warn(
                    "a client shows {}, the log ended at {}: commits were lost; it goes on as {}",
                    shown,
                    head,
                    renewed);
        }
    }
}
