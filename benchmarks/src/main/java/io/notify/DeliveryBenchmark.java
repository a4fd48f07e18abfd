package io.notify;

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

/**
 * How do a send's costs grow with the sessions of a node: to find whom an audience means (flat), to hand a notification to
 * one user (flat) and to everybody (in proportion), as far as the sessions' doors?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DeliveryBenchmark {
    /** How many connections a user's audience has. */
    @Benchmark
    public int resolveUser(ConnectedSessions node) {
        return node.hub.reach("user:" + node.anyUser(), List.of());
    }

    @Benchmark
    public int resolveRoom(ConnectedSessions node) {
        return node.hub.reach("room:" + node.anyRoom(), List.of());
    }

    @Benchmark
    public int resolveRole(ConnectedSessions node) {
        return node.hub.reach("role:PROFESSIONAL", List.of());
    }

    @Benchmark
    public void unicast(ConnectedSessions node) {
        node.hub.deliver(List.of(node.passing("user:" + node.anyUser())));
    }

    @Benchmark
    public Object unicastStored(ConnectedSessions node) {
        node.hub.deliver(List.of(node.stored("user:" + node.anyUser())));
        return node.ledger.drain(1);
    }

    @Benchmark
    public void broadcast(ConnectedSessions node) {
        node.hub.deliver(List.of(node.passing("everyone")));
    }

    @Benchmark
    public Object broadcastStored(ConnectedSessions node) {
        node.hub.deliver(List.of(node.stored("everyone")));
        return node.ledger.drain(2);
    }
}
