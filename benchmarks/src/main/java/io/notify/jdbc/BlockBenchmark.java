package io.notify.jdbc;

import java.util.List;
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

/** What does a full block of 256 rows cost to unpack, as every operator's query does with those it looks at, and to pack? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class BlockBenchmark {
    private static final List<String> EVENTS =
            List.of("booking.created", "booking.accepted", "booking.reminder", "review.created", "nearby-job");
    private static final long START = 1_795_000_000_000L;

    private final Facts facts = full();
    private final byte[] bytes = facts.bytes();

    private static Facts full() {
        Facts facts = new Facts();
        for (int i = 0; i < Blocks.SIZE; i++) {
            String audience = i % 10 == 0 ? "room:job:" + i : null;
            facts.add(i, EVENTS.get(i * 7 % EVENTS.size()), "user-" + i, audience, START + i * 37L);
        }
        return facts;
    }

    @Benchmark
    public Object unpack() {
        return Facts.read(bytes);
    }

    @Benchmark
    public byte[] pack() {
        return facts.bytes();
    }
}
