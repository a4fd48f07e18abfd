package io.notify;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What does one send pay, once whoever receives it, for its JSON, and how much of it are the words of a formatter? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RenderBenchmark {
    private final RenderedBooking booking = new RenderedBooking();
    private final Notification worded = booking.worded();
    private final Notification titled = booking.titled();
    private final Notification raw = booking.raw();

    @Benchmark
    public OutboundEvent worded() {
        return booking.event(worded);
    }

    @Benchmark
    public OutboundEvent titled() {
        return booking.event(titled);
    }

    @Benchmark
    public OutboundEvent raw() {
        return booking.event(raw);
    }
}
