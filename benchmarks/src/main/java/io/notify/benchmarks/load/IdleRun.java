package io.notify.benchmarks.load;

import io.notify.benchmarks.server.Server;
import java.io.IOException;

/** Clients to whom nothing is sent: what each holds of the server's memory, and what its heartbeats cost. */
final class IdleRun {
    private static final long SETTLE_SECONDS = 3;

    private IdleRun() {}

    static void happen(Stage stage) throws IOException, InterruptedException {
        Plan plan = stage.plan();
        Report report = stage.report();
        Server server = stage.server();
        long residentBefore = server.residentKib();
        long liveBefore = server.liveHeapBytes();
        Subscribers clients = stage.clients((client, note) -> {});
        stage.enter(clients, "connect", null);
        stage.patience().pass(SETTLE_SECONDS);
        // before the collection, which touches pages that nobody would
        long resident = server.residentKib() - residentBefore;

        Usage before = Usage.now(server);
        stage.patience().pass(plan.seconds());
        Usage used = Usage.now(server).since(before);
        long live = server.liveHeapBytes() - liveBefore;

        if (residentBefore == 0) {
            report.figure("RSS", "not known on this system");
        } else {
            report.figure(
                    "RSS",
                    "%,d bytes a connection (%,d KiB in all, %,d before)",
                    resident * 1_024 / plan.clients(),
                    residentBefore + resident,
                    residentBefore);
        }
        report.figure("live heap", "%,d bytes a connection", live / plan.clients());
        report.figure(
                "server CPU", "%s", used.serverCpu((long) plan.clients() * plan.seconds(), "a connection and second"));
        stage.requireAllStayed(clients);
        clients.leave();
    }
}
