package io.notify.netty.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.notify.RenderedBooking;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
 * What does one WebSocket frame cost: to write a notification's, and to read a client's masked event, the channel around the
 * decoder included?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class WebSocketFrameBenchmark {
    private static final byte[] EVENT = "421[\"joinRoom\",{\"room\":\"job:4711\"}]".getBytes(StandardCharsets.US_ASCII);

    private final byte[] payload = new RenderedBooking().event().data();
    private final EmbeddedChannel channel = reader();
    private final ByteBuf masked = Unpooled.directBuffer().writeBytes(masked());

    private static EmbeddedChannel reader() {
        EmbeddedChannel channel = new EmbeddedChannel();
        WebSocketLimits limits = WebSocketLimits.of(64 * 1024, Duration.ofSeconds(10), 1 << 20);
        channel.pipeline().addLast(new FrameDecoder(limits, new WebSocket(channel, limits)));
        return channel;
    }

    private static byte[] masked() {
        byte[] key = {0x37, (byte) 0xfa, 0x21, 0x3d};
        byte[] frame = new byte[6 + EVENT.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | EVENT.length);
        System.arraycopy(key, 0, frame, 2, 4);
        for (int i = 0; i < EVENT.length; i++) {
            frame[6 + i] = (byte) (EVENT[i] ^ key[i % 4]);
        }
        return frame;
    }

    @Benchmark
    public byte[] write() {
        return WebSocketFrames.text(payload);
    }

    /** From a buffer of its own, as the network fills one for each reading. */
    @Benchmark
    public boolean read() {
        channel.writeInbound(
                channel.alloc().directBuffer(masked.readableBytes()).writeBytes(masked, 0, masked.readableBytes()));
        return ReferenceCountUtil.release(channel.readInbound());
    }

    @TearDown
    public void close() {
        channel.finishAndReleaseAll();
        masked.release();
    }
}
