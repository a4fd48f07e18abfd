package io.notify.benchmarks.load;

import io.notify.benchmarks.server.Server;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The clock, and the processor time that two processes have used; between two moments, or since they began.
 *
 * @param server user and system time of the server's process, as the system counts it; empty where it does not
 * @param own that of this process
 */
record Usage(long nanos, Optional<Duration> server, Optional<Duration> own) {
    static Usage now(Server server) {
        return new Usage(
                System.nanoTime(), server.cpu(), ProcessHandle.current().info().totalCpuDuration());
    }

    Usage since(Usage before) {
        return new Usage(nanos - before.nanos, minus(server, before.server), minus(own, before.own));
    }

    private static Optional<Duration> minus(Optional<Duration> now, Optional<Duration> before) {
        return now.flatMap(later -> before.map(later::minus));
    }

    double seconds() {
        return nanos / 1e9;
    }

    String serverCpu(long count, String each) {
        return cpu(server, count, each);
    }

    String ownCpu(long count, String each) {
        return cpu(own, count, each);
    }

    private String cpu(Optional<Duration> used, long count, String each) {
        return used.map(cpu -> {
                    double micros = cpu.toNanos() / 1e3 / Math.max(1, count);
                    return String.format(
                            Locale.ROOT,
                            micros < 100 ? "%.2f µs %s, %.0f %% of a core" : "%.0f µs %s, %.0f %% of a core",
                            micros,
                            each,
                            100.0 * cpu.toNanos() / nanos);
                })
                .orElse("not known on this system");
    }
}
