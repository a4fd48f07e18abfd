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

/**
 * What does it cost to enter a room and leave it again, with as many sessions as there are: one that comes and goes with it,
 * one that everybody is in, and one as a client's event does it?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RoomBenchmark {
    @Benchmark
    public int own(ConnectedSessions node) {
        node.rooms.leave(node.rooms.join("room:hall", node.anyConnection()));
        return node.rooms.size();
    }

    @Benchmark
    public int crowded(ConnectedSessions node) {
        node.rooms.leave(node.rooms.join(ConnectedSessions.CROWDED, node.anyConnection()));
        return node.rooms.size();
    }

    @Benchmark
    public Object byEvent(ConnectedSessions node) {
        LiveConnection connection = node.anyConnection();
        connection.memberships().join("room:hall");
        connection.memberships().leave("room:hall");
        return connection.rooms();
    }
}
