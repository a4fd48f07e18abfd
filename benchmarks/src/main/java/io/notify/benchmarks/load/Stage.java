package io.notify.benchmarks.load;

import io.notify.benchmarks.server.Server;
import java.io.IOException;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What a run has: a server that is ready, and the means to load it. */
record Stage(Plan plan, Server server, Network network, Patience patience, Report report) {
    /** As many clients as planned, not yet in. */
    Subscribers clients(Subscriber.Inbox inbox) {
        return new Subscribers(
                network,
                plan.wire(),
                IntStream.range(0, plan.clients())
                        .mapToObj(number -> Server.token(Integer.toString(number), "CUSTOMER"))
                        .toList(),
                inbox);
    }

    /**
     * Lets them in, and prints what that cost.
     *
     * @param cursor see {@link Subscribers#enter}
     */
    void enter(Subscribers clients, String name, @Nullable String cursor) throws IOException, InterruptedException {
        Usage before = Usage.now(server);
        clients.enter(patience, cursor);
        Usage used = Usage.now(server).since(before);
        Histogram times = clients.handshakes();
        report.figure(
                name,
                "%d in %.2f s, %.0f a second; server CPU %s; p50 %.1f ms, p99 %.1f ms",
                clients.count(),
                used.seconds(),
                clients.count() / used.seconds(),
                used.serverCpu(clients.count(), "a connect"),
                times.getValueAtPercentile(50) / 1e6,
                times.getValueAtPercentile(99) / 1e6);
    }

    void requireAllStayed(Subscribers clients) {
        report.require(clients.lost() == 0, clients.lost() + " clients were cut off");
    }
}
