package io.notify;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps the samples of the last five minutes. Each sample is the difference between two readings of the meters. */
final class MetricHistory {
    static final Duration PERIOD = Duration.ofSeconds(1);
    /** Lower bound of the measured interval: a clock that is set back must not yield an unbounded rate. */
    private static final Duration SHORTEST = Duration.ofMillis(500);

    private static final int CAPACITY = 300;

    private final Supplier<Totals> meters;
    private final Supplier<PresenceStats> presence;
    private final Supplier<ServiceHealth> health;
    private final Clock clock;
    private volatile List<MetricSample> recent = List.of();

    // Confined to the timer's thread.
    private Totals previous;
    private Instant previousAt;

    MetricHistory(
            Supplier<Totals> meters, Supplier<PresenceStats> presence, Supplier<ServiceHealth> health, Clock clock) {
        this.meters = meters;
        this.presence = presence;
        this.health = health;
        this.clock = clock;
        this.previous = meters.get();
        this.previousAt = clock.instant();
    }

    /** Takes a sample. The timer calls this once per {@link #PERIOD}. */
    void sample() {
        Instant now = clock.instant();
        Totals totals = meters.get();
        ServiceHealth present = health.get();
        double seconds =
                Math.max(SHORTEST.toMillis(), Duration.between(previousAt, now).toMillis()) / 1_000.0;
        MetricSample sample = new MetricSample(
                now,
                presence.get(),
                rate(previous.sends, totals.sends, seconds),
                rate(previous.deliveries, totals.deliveries, seconds),
                totals.deliveryMillisP50,
                totals.deliveryMillisP99,
                rates(previous.errors, totals.errors, seconds),
                present.queuedSends(),
                present.logAvailable() && present.accepting());
        recent = Stream.concat(recent.stream().skip(Math.max(0, recent.size() - CAPACITY + 1)), Stream.of(sample))
                .toList();
        previous = totals;
        previousAt = now;
    }

    /** Returns the samples, oldest first. Any thread. */
    List<MetricSample> recent() {
        return recent;
    }

    private static Map<String, Double> rates(Map<String, Double> before, Map<String, Double> now, double seconds) {
        Map<String, Double> rates = new LinkedHashMap<>();
        now.forEach((kind, count) -> rates.put(kind, rate(before.getOrDefault(kind, 0.0), count, seconds)));
        return rates;
    }

    /** Never negative: the host's registry may reset its counters at each of its own steps. */
    private static double rate(double before, double now, double seconds) {
        return Math.max(0, now - before) / seconds;
    }

    /**
     * Cumulative readings of the meters since the service started.
     *
     * @param sends accepted notifications
     * @param deliveries notifications taken by a connection
     * @param deliveryMillisP50 over the last minute; null if unknown
     * @param deliveryMillisP99 over the last minute; null if unknown
     * @param errors by kind
     */
    record Totals(
            double sends,
            double deliveries,
            @Nullable Double deliveryMillisP50,
            @Nullable Double deliveryMillisP99,
            Map<String, Double> errors) {}
}
