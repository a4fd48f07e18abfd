package io.notify.benchmarks.sends;

import java.util.Arrays;
import java.util.Locale;

/** What a measurement gave; its text is the line printed. */
final class Rate {
    private final int producers;
    private final double seconds;
    private final long[] nanos;

    Rate(int producers, double seconds, long[] nanos) {
        this.producers = producers;
        this.seconds = seconds;
        this.nanos = nanos.clone();
        Arrays.sort(this.nanos);
    }

    private double millisAt(double quantile) {
        return nanos[Math.max(0, (int) Math.ceil(quantile * nanos.length) - 1)] / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "producers=%d sends=%d per_second=%.0f p50_ms=%.2f p99_ms=%.2f p99.9_ms=%.2f max_ms=%.2f",
                producers,
                nanos.length,
                nanos.length / seconds,
                millisAt(0.5),
                millisAt(0.99),
                millisAt(0.999),
                millisAt(1));
    }
}
