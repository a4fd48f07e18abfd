package io.notify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Registers meters in the host's registry and removes exactly those again when it is closed. */
final class MeterGroup implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofNanos(100_000);

    private final MeterRegistry registry;
    private final List<Meter> registered = new ArrayList<>();

    MeterGroup(MeterRegistry registry) {
        this.registry = registry;
    }

    MeterRegistry registry() {
        return registry;
    }

    Counter counter(String name, String... tags) {
        return registered(Counter.builder(name).tags(tags).register(registry));
    }

    /**
     * Registers one counter per value of a tag.
     *
     * @param tag the tag's name
     * @param value the tag's value for each of the keys
     * @param otherTags names and values of the tags that all of them have
     */
    <K> Map<K, Counter> counters(
            String name, String tag, Collection<K> keys, Function<K, String> value, String... otherTags) {
        Map<K, Counter> counters = new HashMap<>();
        for (K key : keys) {
            String[] tags = Arrays.copyOf(otherTags, otherTags.length + 2);
            tags[otherTags.length] = tag;
            tags[otherTags.length + 1] = value.apply(key);
            counters.put(key, counter(name, tags));
        }
        return Map.copyOf(counters);
    }

    Timer timer(String name, String... tags) {
        return registered(Timer.builder(name)
                .tags(tags)
                .publishPercentiles(0.5, 0.99)
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .distributionStatisticExpiry(LONGEST)
                .register(registry));
    }

    DistributionSummary summary(String name) {
        return registered(
                DistributionSummary.builder(name).publishPercentiles(0.5, 0.99).register(registry));
    }

    void gauge(String name, Supplier<Number> value, String... tags) {
        registered(Gauge.builder(name, value).tags(tags).register(registry));
    }

    private <M extends Meter> M registered(M meter) {
        registered.add(meter);
        return meter;
    }

    @Override
    public void close() {
        registered.forEach(registry::remove);
    }

    static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static <K> void count(Map<K, Counter> counters, K key) {
        count(counters, key, 1);
    }

    static <K> void count(Map<K, Counter> counters, K key, int n) {
        Counter counter = counters.get(key);
        if (counter != null) {
            counter.increment(n);
        }
    }

    static double total(Map<?, Counter> counters) {
        return counters.values().stream().mapToDouble(Counter::count).sum();
    }

    static <K> double total(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        return counter == null ? 0 : counter.count();
    }
}
