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

/** What does a cursor cost: to read a client's, to write one at the end of an event, and to make the next? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PositionBenchmark {
    private static final String CURSOR = "k3v9x2q7-1234567";

    private final Position position = Position.parse(CURSOR);

    @Benchmark
    public Position read() {
        return Position.parse(CURSOR);
    }

    @Benchmark
    public String write() {
        return position.toString();
    }

    @Benchmark
    public Position next() {
        return new Position(position.epoch(), position.seq() + 1);
    }
}
