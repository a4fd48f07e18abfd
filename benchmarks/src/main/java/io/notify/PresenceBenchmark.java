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
 * Does a presence figure cost the same however many are online, and what does a user pay who goes offline and comes back, or
 * says where they are?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PresenceBenchmark {
    @Benchmark
    public PresenceStats figures(ConnectedSessions node) {
        return node.presence.stats();
    }

    @Benchmark
    public boolean isOnline(ConnectedSessions node) {
        return node.presence.isOnline(node.anyUser());
    }

    @Benchmark
    public int offlineAndOnline(ConnectedSessions node) {
        LiveConnection connection = node.anyConnection();
        node.presence.closed(connection);
        node.presence.opened(connection);
        return node.presence.onlineUsers();
    }
}
