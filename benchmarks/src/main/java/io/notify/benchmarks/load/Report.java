package io.notify.benchmarks.load;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Prints each figure as it comes, one a line, and in the end what did not hold. One thread. */
final class Report {
    private final PrintStream out;
    private final List<String> broken = new ArrayList<>();

    Report(PrintStream out) {
        this.out = out;
    }

    void figure(String name, String format, Object... values) {
        out.printf(Locale.ROOT, "%-16s %s%n", name, String.format(Locale.ROOT, format, values));
    }

    /** Percentiles of times in nanoseconds. */
    void times(String name, Histogram nanos) {
        figure(
                name,
                "p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms",
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getValueAtPercentile(99.9) / 1e6,
                nanos.getMaxValue() / 1e6);
    }

    void require(boolean holds, String what) {
        if (!holds) {
            broken.add(what);
        }
    }

    /** Whether all holds. */
    boolean end() {
        out.println(broken.isEmpty() ? "holds" : "BROKEN: " + String.join("; ", broken));
        return broken.isEmpty();
    }
}
