package io.notify.benchmarks.faults;

import java.util.ArrayList;
import java.util.List;

/** Times from sending to receiving. Any thread. */
final class Latencies {
    private final List<Long> nanos = new ArrayList<>(); // guarded by this

    synchronized void add(long value) {
        nanos.add(value);
    }

    synchronized int size() {
        return nanos.size();
    }

    /** In milliseconds; 0 if there is none. */
    synchronized double percentile(double percent) {
        if (nanos.isEmpty()) {
            return 0;
        }
        List<Long> sorted = nanos.stream().sorted().toList();
        int index = (int) Math.min(sorted.size() - 1L, Math.round(sorted.size() * percent / 100));
        return Math.round(sorted.get(index) / 10_000.0) / 100.0;
    }
}
