package io.notify;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one permit cost: a connection's own that lets the event through, one that refuses it, and an address's among
 * 100,000 that are remembered?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RateLimitBenchmark {
    private static final int KEYS = 100_000;
    private static final Duration WINDOW = Duration.ofSeconds(5);

    private final RateLimiter patient = new RateLimiter(Integer.MAX_VALUE, WINDOW);
    private final RateLimiter strict = new RateLimiter(10, WINDOW);
    private final KeyedRateLimiter<String> keyed =
            new KeyedRateLimiter<>(Integer.MAX_VALUE, Duration.ofMinutes(10), KEYS, System::nanoTime);
    private final String[] addresses = new String[KEYS];

    @Setup
    public void know() {
        for (int i = 0; i < KEYS; i++) {
            addresses[i] = "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255);
            keyed.tryAcquire(addresses[i]);
        }
    }

    @Benchmark
    public long passes() {
        return patient.tryAcquire(System.nanoTime());
    }

    @Benchmark
    public long refuses() {
        return strict.tryAcquire(System.nanoTime());
    }

    @Benchmark
    public long keyed() {
        return keyed.tryAcquire(addresses[ThreadLocalRandom.current().nextInt(KEYS)]);
    }
}
