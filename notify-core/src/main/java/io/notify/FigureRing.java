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

/** Keeps what the last seconds looked like: each is the difference of two looks at the meters, which count for ever. */
final class FigureRing {
    static final Duration PERIOD = Duration.ofSeconds(1);
    /** A clock that was set back makes no rate beyond measure. */
    private static final Duration SHORTEST = Duration.ofMillis(500);

    private static final int KEPT = 300;

    private final Supplier<Totals> meters;
    private final Supplier<PresenceStats> presence;
    private final Supplier<ServiceHealth> health;
    private final Clock clock;
    private volatile List<Figures> recent = List.of();

    // Of the timer's thread.
    private Totals before;
    private Instant at;

    FigureRing(Supplier<Totals> meters, Supplier<PresenceStats> presence, Supplier<ServiceHealth> health, Clock clock) {
        this.meters = meters;
        this.presence = presence;
        this.health = health;
        this.clock = clock;
        this.before = meters.get();
        this.at = clock.instant();
    }

    /** The timer, each {@link #PERIOD}. */
    void sample() {
        Instant now = clock.instant();
        Totals totals = meters.get();
        ServiceHealth present = health.get();
        double seconds = Math.max(SHORTEST.toMillis(), Duration.between(at, now).toMillis()) / 1_000.0;
        Figures figures = new Figures(
                now,
                presence.get(),
                rate(before.sends, totals.sends, seconds),
                rate(before.deliveries, totals.deliveries, seconds),
                totals.deliveryMillisP50,
                totals.deliveryMillisP99,
                rates(before.errors, totals.errors, seconds),
                present.queuedSends(),
                present.logAvailable() && present.accepting());
        recent = Stream.concat(recent.stream().skip(Math.max(0, recent.size() - KEPT + 1)), Stream.of(figures))
                .toList();
        before = totals;
        at = now;
    }

    /** Any thread; oldest first. */
    List<Figures> recent() {
        return recent;
    }

    private static Map<String, Double> rates(Map<String, Double> before, Map<String, Double> now, double seconds) {
        Map<String, Double> rates = new LinkedHashMap<>();
        now.forEach((kind, count) -> rates.put(kind, rate(before.getOrDefault(kind, 0.0), count, seconds)));
        return rates;
    }

    /** Not below zero: a host's registry may count anew in each of its steps. */
    private static double rate(double before, double now, double seconds) {
        return Math.max(0, now - before) / seconds;
    }

    /**
     * What the meters say since the start.
     *
     * @param sends notifications accepted
     * @param deliveries connections that took one
     * @param deliveryMillisP50 of late; null if unknown
     * @param deliveryMillisP99 of late; null if unknown
     * @param errors by kind
     */
    record Totals(
            double sends,
            double deliveries,
            @Nullable Double deliveryMillisP50,
            @Nullable Double deliveryMillisP99,
            Map<String, Double> errors) {}
}
