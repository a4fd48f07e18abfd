package io.notify.benchmarks.load;

import io.notify.benchmarks.server.Server;
import java.io.IOException;
import org.HdrHistogram.Histogram;

/** Notes to clients: how many, at what cost, after what time, and whether each came once. */
final class TrafficRun {
    private static final long DRAIN_SECONDS = 10;

    private TrafficRun() {}

    static void happen(Stage stage) throws IOException, InterruptedException {
        Plan plan = stage.plan();
        Report report = stage.report();
        Traffic traffic = plan.traffic();
        Ledger ledger = new Ledger(traffic);
        BackEnd backEnd = BackEnd.connect(stage.network(), traffic, ledger, Server.token("back-end", "SERVICE"));
        Subscribers clients = stage.clients((client, note) -> {
            if (ledger.arrived(client, note)) {
                backEnd.delivered(note);
            }
        });
        stage.enter(clients, "connect", null);
        backEnd.start();
        stage.patience().pass(plan.warm());

        ledger.latencies();
        Usage before = Usage.now(stage.server());
        long arrivedBefore = ledger.arrived();
        stage.patience().pass(plan.seconds());
        long arrived = ledger.arrived() - arrivedBefore;
        Usage used = Usage.now(stage.server()).since(before);
        Histogram latencies = ledger.latencies();

        backEnd.stop();
        stage.patience().await(() -> ledger.missing() == 0, DRAIN_SECONDS);
        report.figure("deliveries", "%,.0f a second", arrived / used.seconds());
        report.figure("server CPU", "%s", used.serverCpu(arrived, "a delivery"));
        report.figure("generator CPU", "%s", used.ownCpu(arrived, "a delivery"));
        report.times("latency", latencies);
        report.figure("missing", "%d of %,d", ledger.missing(), ledger.expected());
        report.figure("doubled", "%d", ledger.unexpected());
        report.require(ledger.missing() == 0, "deliveries are missing");
        report.require(ledger.unexpected() == 0, "deliveries came twice or to somebody else");
        report.require(ledger.refusals() == 0, ledger.refusals() + " sends were refused");
        report.require(arrived > 0, "nothing was delivered");
        stage.requireAllStayed(clients);
        clients.leave();
    }
}
