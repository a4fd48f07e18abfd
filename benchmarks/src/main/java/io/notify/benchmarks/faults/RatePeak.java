package io.notify.benchmarks.faults;

import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** How much happened in the busiest second. Any thread. */
final class RatePeak {
    private static final long PART_MILLIS = 100;
    private static final int PARTS = 10;

    private final TreeMap<Long, Integer> parts = new TreeMap<>(); // guarded by this

    synchronized void count() {
        parts.merge(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) / PART_MILLIS, 1, Integer::sum);
    }

    synchronized void reset() {
        parts.clear();
    }

    synchronized int busiestSecond() {
        int most = 0;
        for (long from : parts.keySet()) {
            most = Math.max(
                    most,
                    parts.subMap(from, from + PARTS).values().stream()
                            .mapToInt(count -> count)
                            .sum());
        }
        return most;
    }
}
