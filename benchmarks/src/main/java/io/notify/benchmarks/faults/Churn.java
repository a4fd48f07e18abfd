package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * F9: 500 clients drop their connections every 1 to 3 s under 100 sends a second. Nothing is lost, the order is strict, and
 * the server's heap is flat after collections.
 */
final class Churn implements Fault {
    private static final int USERS = 500;
    private static final int MIN_MILLIS = 1_000;
    private static final int MAX_MILLIS = 3_000;
    private static final int PER_SECOND = 100;

    @Override
    public Verdict happen(Run run) throws Exception {
        int seconds = run.option("seconds", 300);
        Server server = run.server(run.store()).start();
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        List<Reader> readers = crowd.enter(USERS, server.port(), account);
        Sender sender = new Sender(server, account);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        readers.forEach(reader -> dropLater(crowd, reader, end));
        Load load = run.with(new Load(8, PER_SECOND, (long) PER_SECOND * seconds, turn -> {
            int n = account.number();
            sender.send(n, Crowd.user(n % USERS), () -> false);
        }));
        TimeUnit.SECONDS.sleep(seconds / 5);
        long early = server.liveHeapBytes();
        load.await();
        account.awaitAll(30);
        long late = server.liveHeapBytes();
        return Verdict.of(account.line(server))
                .figure("drops", crowd.losses())
                .figure("gaps", account.gaps())
                .figure("live_heap_kb", early / 1_024 + ".." + late / 1_024)
                .require(account.gaps() == 0, "no gap said")
                .require(late <= early * 1.15 + 1_024 * 1_024, "heap flat");
    }

    private static void dropLater(Crowd crowd, Reader reader, long end) {
        crowd.later(
                () -> {
                    if (System.nanoTime() < end) {
                        if (reader.isConnected()) {
                            reader.drop();
                        }
                        dropLater(crowd, reader, end);
                    }
                },
                ThreadLocalRandom.current().nextInt(MIN_MILLIS, MAX_MILLIS));
    }
}
