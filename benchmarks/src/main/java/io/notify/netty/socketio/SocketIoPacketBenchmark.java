package io.notify.netty.socketio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.notify.RenderedBooking;
import io.notify.netty.engineio.MalformedPacketException;
import java.nio.charset.StandardCharsets;
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
 * What does a Socket.IO packet cost: a client's small event read, a notification written that is JSON already, one written
 * from a tree, and an acknowledgement?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SocketIoPacketBenchmark {
    private static final String EVENT = "21[\"joinRoom\",{\"room\":\"job:4711\"}]";
    private static final byte[] ANSWER = "[{\"room\":\"job:4711\"}]".getBytes(StandardCharsets.US_ASCII);

    private final ObjectMapper mapper = new ObjectMapper();
    private final PacketDecoder decoder = new PacketDecoder();
    private final PacketEncoder encoder = new PacketEncoder(mapper);
    private final String json = "[\"booking.created\"," + new RenderedBooking().text() + ",\"k3v9x2q7-1234567\"]";
    private final byte[] arguments = json.getBytes(StandardCharsets.UTF_8);
    private final ArrayNode tree = tree(json);

    private ArrayNode tree(String text) {
        try {
            return (ArrayNode) mapper.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("our own JSON", e);
        }
    }

    @Benchmark
    public Object read() throws MalformedPacketException {
        return decoder.decode(EVENT);
    }

    @Benchmark
    public Object writeBytes() {
        return PacketEncoder.event("/", arguments);
    }

    @Benchmark
    public Object writeTree() {
        return encoder.event("/", SocketPacket.NO_ACK, tree);
    }

    @Benchmark
    public Object acknowledge() {
        return PacketEncoder.acknowledgement("/", 1, ANSWER);
    }
}
