package io.notify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts and times notifications from the send to the sockets. Callers sum a fan-out and report it once. Any thread. */
final class DeliveryMeters {
    private final Map<SendOutcome, Counter> durableSends;
    private final Map<SendOutcome, Counter> volatileSends;
    private final Map<Kind, Counter> deliveries;
    private final Counter dropped;
    private final Counter expired;
    private final Timer deliveryTime;
    private final Timer fanOutTime;

    /** The outcome of a send. */
    enum SendOutcome {
        ACCEPTED,
        DUPLICATE,
        INVALID,
        QUEUE_FULL,
        LOG_UNAVAILABLE,
        IDEMPOTENCY_CONFLICT,
        REJECTED,
        CLOSED;

        static SendOutcome of(SendRefusedException.Reason reason) {
            return switch (reason) {
                case QUEUE_FULL -> QUEUE_FULL;
                case LOG_UNAVAILABLE -> LOG_UNAVAILABLE;
                case IDEMPOTENCY_CONFLICT -> IDEMPOTENCY_CONFLICT;
                case REJECTED -> REJECTED;
                case CLOSED -> CLOSED;
            };
        }
    }

    /** The way by which a notification reached a connection. */
    enum Kind {
        DURABLE,
        VOLATILE,
        REPLAYED
    }

    DeliveryMeters(MeterGroup group) {
        durableSends = sends(group, "durable", List.of(SendOutcome.values()));
        volatileSends = sends(group, "volatile", List.of(SendOutcome.ACCEPTED, SendOutcome.INVALID));
        deliveries = group.counters("notify.deliveries", "kind", List.of(Kind.values()), MeterGroup::tag);
        dropped = group.counter("notify.deliveries.dropped");
        expired = group.counter("notify.deliveries.expired");
        deliveryTime = group.timer("notify.delivery.time");
        fanOutTime = group.timer("notify.fanout.time");
    }

    private static Map<SendOutcome, Counter> sends(MeterGroup group, String kind, List<SendOutcome> outcomes) {
        return group.counters("notify.sends", "outcome", outcomes, MeterGroup::tag, "kind", kind);
    }

    void send(boolean durable, SendOutcome outcome) {
        MeterGroup.count(durable ? durableSends : volatileSends, outcome);
    }

    void delivered(Kind kind, int connections) {
        if (connections > 0) {
            MeterGroup.count(deliveries, kind, connections);
        }
    }

    /** @param connections the number of connections that did not take a volatile notification */
    void dropped(int connections) {
        if (connections > 0) {
            dropped.increment(connections);
        }
    }

    void expired() {
        expired.increment();
    }

    /**
     * Records that one lane has passed one batch to its connections' sockets.
     *
     * @param createdAt when the oldest notification of the batch was sent
     * @param now the wall clock, after the flush
     * @param nanos the time since the batch was passed to the lane
     */
    void batchDelivered(Instant createdAt, Instant now, long nanos) {
        fanOutTime.record(nanos, TimeUnit.NANOSECONDS);
        // the clock of another node may be ahead
        deliveryTime.record(Math.max(0, Duration.between(createdAt, now).toNanos()), TimeUnit.NANOSECONDS);
    }

    double acceptedSends() {
        return MeterGroup.total(durableSends, SendOutcome.ACCEPTED)
                + MeterGroup.total(volatileSends, SendOutcome.ACCEPTED);
    }

    double refusedSends() {
        return refused(durableSends) + refused(volatileSends);
    }

    private static double refused(Map<SendOutcome, Counter> sends) {
        return MeterGroup.total(sends)
                - MeterGroup.total(sends, SendOutcome.ACCEPTED)
                - MeterGroup.total(sends, SendOutcome.DUPLICATE);
    }

    double deliveries() {
        return MeterGroup.total(deliveries);
    }

    double dropped() {
        return dropped.count();
    }

    HistogramSnapshot deliveryTime() {
        return deliveryTime.takeSnapshot();
    }

    /** Returns a percentile in milliseconds; null if the registry computes none, or nothing was delivered lately. */
    static @Nullable Double millis(HistogramSnapshot time, double percentile) {
        for (ValueAtPercentile value : time.percentileValues()) {
            double millis = value.value(TimeUnit.MILLISECONDS);
            if (value.percentile() == percentile && millis > 0) {
                return millis;
            }
        }
        return null;
    }
}
