package io.notify.netty.engineio;

import io.notify.RenderedBooking;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
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

/** What does an Engine.IO packet cost: one of a WebSocket, and a poll's whole body with ten notifications or three events? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EnginePacketBenchmark {
    private static final int MAX_BYTES = 1_000_000;
    private static final String EVENT = "421[\"joinRoom\",{\"room\":\"job:4711\"}]";

    private final byte[] data = new RenderedBooking().event().data();
    private final List<EncodedPacket> packets = Collections.nCopies(10, EncodedPacket.message(data));
    private final byte[] body = String.join("\u001e", EVENT, "3", EVENT).getBytes(StandardCharsets.US_ASCII);

    @Benchmark
    public EncodedPacket write() {
        return EncodedPacket.message(data);
    }

    @Benchmark
    public Object readFrame() throws MalformedPacketException {
        return EnginePayload.decodeFrame(EVENT);
    }

    @Benchmark
    public Object readBody() throws MalformedPacketException {
        return EnginePayload.decodeBody(body);
    }

    @Benchmark
    public byte[] writeBody() {
        Deque<EncodedPacket> queue = new ArrayDeque<>(packets);
        return EnginePayload.encodeBody(queue, MAX_BYTES);
    }
}
