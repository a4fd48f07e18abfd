package io.notify;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the in-memory log by hour and event, kept when rows are purged. Not thread-safe: the log's monitor guards it.
 */
final class HourlySums {
    private final NavigableMap<Instant, Map<String, Sum>> hours = new TreeMap<>();

    private static final class Sum {
        private long sent;
        private long delivered;
        private long read;
        private long failed;
        private final long[] times = new long[DeliveryTimes.BUCKETS];
    }

    void sent(LogEntry entry) {
        of(entry).sent++;
    }

    void read(LogEntry entry) {
        of(entry).read++;
    }

    void failed(LogEntry entry, int change) {
        of(entry).failed += change;
    }

    /** Counts a first delivery, or moves it if an earlier one becomes known. */
    void delivered(LogEntry entry, @Nullable Instant before, Instant at) {
        Sum sum = of(entry);
        if (before == null) {
            sum.delivered++;
        } else {
            sum.times[bucket(entry, before)]--;
        }
        sum.times[bucket(entry, at)]++;
    }

    private static int bucket(LogEntry entry, Instant deliveredAt) {
        return DeliveryTimes.bucket(entry.createdAt().until(deliveredAt, ChronoUnit.MILLIS));
    }

    private Sum of(LogEntry entry) {
        return hours.computeIfAbsent(entry.createdAt().truncatedTo(ChronoUnit.HOURS), hour -> new HashMap<>())
                .computeIfAbsent(entry.event(), event -> new Sum());
    }

    void forgetBefore(Instant hour) {
        hours.headMap(hour).clear();
    }

    /** Sums over all hours that {@code [from, to)} touches. */
    LogStats stats(Instant from, Instant to) {
        Map<String, Long> byEvent = new HashMap<>();
        Map<Instant, Long> byHour = new HashMap<>();
        Sum all = new Sum();
        hours.forEach((hour, events) -> {
            boolean touched = hour.isBefore(to)
                    && from.isBefore(to)
                    && hour.plus(1, ChronoUnit.HOURS).isAfter(from);
            if (!touched) {
                return;
            }
            events.forEach((event, sum) -> {
                byEvent.merge(event, sum.sent, Long::sum);
                byHour.merge(hour, sum.sent, Long::sum);
                all.sent += sum.sent;
                all.delivered += sum.delivered;
                all.read += sum.read;
                all.failed += sum.failed;
                for (int i = 0; i < all.times.length; i++) {
                    all.times[i] += sum.times[i];
                }
            });
        });
        return new LogStats(
                all.sent,
                all.delivered,
                all.read,
                all.failed,
                byEvent,
                byHour,
                DeliveryTimes.percentile(all.times, 50),
                DeliveryTimes.percentile(all.times, 99));
    }
}
