package io.notify.netty.websocket;

import io.notify.json.StrictJson;
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

/** What does a client's event over a plain WebSocket cost to read, once its frame is text? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PlainFrameBenchmark {
    private static final String EVENT = "{\"event\":\"joinRoom\",\"data\":{\"room\":\"job:4711\"},\"ack\":1}";

    private final StrictJson json = StrictJson.create();

    @Benchmark
    public Object read() {
        return PlainFrame.read(json, EVENT);
    }
}
