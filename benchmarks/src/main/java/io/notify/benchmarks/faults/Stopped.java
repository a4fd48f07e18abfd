package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import io.notify.benchmarks.server.Store;
import java.util.concurrent.TimeUnit;

/**
 * F13: a server is stopped for 20 s and goes on, alone or with another one on the same PostgreSQL. No row is doubled; the
 * other one goes on meanwhile, and what the stopped one was about to write is not written behind its back.
 */
final class Stopped implements Fault {
    private static final int USERS = 30;
    private static final int SECONDS = 20;
    private static final long OTHER_MILLIS = 3_000;

    @Override
    public Verdict happen(Run run) throws Exception {
        boolean two = run.option("nodes", 1) == 2;
        Store store = two ? run.postgres() : run.store();
        Server stopped = run.server(store).start();
        Server other = two ? run.server(store).start() : stopped;
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        crowd.enter(USERS, stopped.port(), account);
        Sender sender = new Sender(stopped, account);
        Load load = run.with(new Load(16, 0, Long.MAX_VALUE, turn -> {
            int n = account.number();
            sender.send(n, Crowd.user(n % USERS), () -> false);
        }));
        Sender elsewhere = new Sender(other, account);
        Load second = run.with(new Load(two ? 4 : 0, 100, Long.MAX_VALUE, turn -> {
            int n = account.number();
            elsewhere.send(n, Crowd.user(n % USERS), () -> false);
        }));
        // at any point of a transaction, whichever it is
        TimeUnit.MILLISECONDS.sleep(5_000 + run.random().nextInt(1_000));
        stopped.signal("STOP");
        long began = System.nanoTime();
        long longest = 0;
        while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(SECONDS)) {
            TimeUnit.MILLISECONDS.sleep(10);
            longest = Math.max(longest, System.nanoTime() - Math.max(began, elsewhere.lastYes()));
        }
        stopped.signal("CONT");
        TimeUnit.SECONDS.sleep(5);
        load.stop();
        second.stop();
        account.awaitAll(20);
        Verdict verdict = Verdict.of(account.line(stopped))
                .figure("sent_again", sender.unanswered() + sender.refusals())
                .figure("disconnected", crowd.losses());
        long silent = TimeUnit.NANOSECONDS.toMillis(longest);
        return two
                ? verdict.figure("nodes", 2)
                        .figure("other_silent_ms", silent)
                        .require(silent <= OTHER_MILLIS, "the other node goes on")
                : verdict.figure("nodes", 1);
    }
}
