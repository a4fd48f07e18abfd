package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import java.util.concurrent.TimeUnit;

/**
 * F2: the database is away for 30 s, cut off or silent. Durable sends are refused within 2 s and none is acknowledged, nobody
 * is disconnected, volatile ones go on, and all is well within 3 s of its return.
 */
final class DatabaseAway implements Fault {
    private static final int USERS = 60;
    private static final long REFUSED_MILLIS = 2_000;
    private static final long WELL_MILLIS = 3_000;
    /** An answer that was on its way when the database went. */
    private static final long IN_FLIGHT_MILLIS = 100;

    @Override
    public Verdict happen(Run run) throws Exception {
        int seconds = run.option("seconds", 30);
        boolean silent = run.option("how", "cut").equals("stall");
        PostgresStore store = run.postgres();
        Server server = run.server(store).start();
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        crowd.enter(USERS, server.port(), account);
        Sender durable = new Sender(server, account);
        Load sends = run.with(new Load(16, 50, Long.MAX_VALUE, turn -> {
            int n = account.number();
            durable.send(n, Crowd.user(n % USERS), () -> false);
        }));
        Sender ticking = new Sender(server, account);
        Load ticks = run.with(new Load(8, 100, Long.MAX_VALUE, turn -> ticking.tick(Crowd.user(turn % USERS))));

        TimeUnit.SECONDS.sleep(8); // a cold JVM is slower than any fault
        Latencies before = crowd.measure();
        TimeUnit.SECONDS.sleep(15);
        Latencies during = crowd.measure();
        int losses = crowd.losses();
        if (silent) {
            store.proxy().stall();
        } else {
            store.proxy().cut();
        }
        TimeUnit.MILLISECONDS.sleep(IN_FLIGHT_MILLIS);
        int acked = account.acknowledged();
        TimeUnit.SECONDS.sleep(seconds);
        int ackedMeanwhile = account.acknowledged() - acked;
        boolean red = server.status("/health/ready") == 503;
        int disconnected = crowd.losses() - losses;
        crowd.measure();
        store.proxy().pass();
        long back = System.nanoTime();
        while (account.acknowledged() == acked) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        long well = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - back);
        TimeUnit.SECONDS.sleep(5);
        sends.stop();
        ticks.stop();
        account.awaitAll(20);
        double p99Before = before.percentile(99);
        double p99During = during.percentile(99);
        return Verdict.of(account.line(server))
                .figure("how", silent ? "stall" : "cut")
                .figure("acked_meanwhile", ackedMeanwhile)
                .figure("refused", durable.refusals())
                .figure("slowest_refusal_ms", durable.slowestRefusalMillis())
                .figure("unanswered", durable.unanswered())
                .figure("disconnected", disconnected)
                .figure("volatile_p99_before_ms", p99Before)
                .figure("volatile_p99_during_ms", p99During)
                .figure("well_ms", well)
                .require(ackedMeanwhile == 0, "no acknowledgement meanwhile")
                .require(durable.refusals() > 0, "durable sends were refused")
                .require(durable.slowestRefusalMillis() <= REFUSED_MILLIS, "refused within 2 s")
                .require(durable.unanswered() == 0, "every send was answered")
                .require(red, "not ready meanwhile")
                .require(disconnected == 0, "nobody disconnected")
                .require(p99During <= 2 * p99Before, "volatile p99 at most doubled")
                .require(well <= WELL_MILLIS, "well within 3 s");
    }
}
