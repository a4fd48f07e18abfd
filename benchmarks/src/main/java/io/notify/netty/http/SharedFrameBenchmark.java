package io.notify.netty.http;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.notify.RenderedBooking;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a connection of a broadcast pay for its bytes: a duplicate of the buffer that its event loop shares, beside a
 * copy of its own?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SharedFrameBenchmark {
    private static final int BOUND = 1 << 20;

    private final ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
    private final EmbeddedChannel channel = new EmbeddedChannel(handler);
    private final PortLoop loop = new PortLoop(channel.eventLoop(), System::nanoTime, BOUND);
    private final Outbound outbound = new Outbound(loop, channel.pipeline().context(handler), BOUND);
    private final byte[] frame =
            WebSocketFrames.text(new RenderedBooking().event().data());

    @Benchmark
    public boolean shared() {
        return loop.shared(frame, outbound).release();
    }

    @Benchmark
    public boolean copied() {
        return outbound.copy(frame).release();
    }

    @TearDown
    public void close() {
        channel.finishAndReleaseAll();
    }
}
