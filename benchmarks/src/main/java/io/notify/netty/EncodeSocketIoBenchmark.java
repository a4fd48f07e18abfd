package io.notify.netty;

import io.notify.OutboundEvent;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one notification cost until it is bytes for Socket.IO: from the host's objects, from its JSON, and for each
 * connection after the first, which is given the same bytes?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EncodeSocketIoBenchmark {
    private final RenderedBooking booking = new RenderedBooking();
    private final SocketIoFormat format = new SocketIoFormat("/");
    private final OutboundEvent event = booking.event();

    @Benchmark
    public Object rendered() {
        return booking.event().encoded(format);
    }

    @Benchmark
    public Object first() {
        return format.encode(event);
    }

    @Benchmark
    public Object shared() {
        return event.encoded(format);
    }
}
