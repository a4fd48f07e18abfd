package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * F1: {@code kill -9} during durable sends, half of the users away. Nothing acknowledged is lost; what was not answered is
 * sent again with the same key and makes one row; it serves again within 5 s.
 */
final class KilledUnderLoad implements Fault {
    private static final int USERS = 60;
    private static final int SENDERS = 32;
    private static final long AGAIN_MILLIS = 5_000;

    @Override
    public Verdict happen(Run run) throws Exception {
        int sends = run.option("sends", 10_000);
        Server server = run.server(run.store()).start();
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        List<Reader> readers = crowd.enter(USERS, server.port(), account);
        List<Reader> away = readers.subList(USERS / 2, USERS);
        away.forEach(Reader::stop);

        Sender sender = new Sender(server, account);
        Load load = run.with(new Load(SENDERS, 0, sends, turn -> {
            int n = account.number();
            sender.send(n, Crowd.user(n % USERS), () -> false);
        }));
        int killAt = sends / 10 + run.random().nextInt(sends * 8 / 10);
        while (account.acknowledged() < killAt) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        long killed = System.nanoTime();
        server.kill();
        int before = account.acknowledged();
        server.launch();
        while (account.acknowledged() == before) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        long again = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
        load.await();
        away.forEach(Reader::start);
        account.awaitAll(30);
        return Verdict.of(account.line(server))
                .figure("killed_at", before)
                .figure("sent_again", sender.unanswered() + sender.refusals())
                .figure("gaps", account.gaps())
                .figure("again_ms", again)
                .require(account.gaps() == 0, "no gap said")
                .require(again <= AGAIN_MILLIS, "serving again within 5 s");
    }
}
