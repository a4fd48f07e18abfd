package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import java.util.concurrent.TimeUnit;

/**
 * F11: SIGTERM with thousands of clients. It is not ready at once, closes them spread over the drain time, so that those who
 * take their place elsewhere come at no more than twice the even rate, ends with 0, and nothing is lost. When they are let in
 * is printed too: on a machine that is busy with all of them it is later and more bunched.
 */
final class DrainedServer implements Fault {
    private static final int CLIENTS = 5_000;
    private static final int SECONDS = 10;
    private static final int SLACK_SECONDS = 5;
    private static final int WARM_ROUNDS = 5;
    private static final int WARM_CLIENTS = 1_000;

    @Override
    public Verdict happen(Run run) throws Exception {
        int clients = run.option("clients", CLIENTS);
        int seconds = run.option("seconds", SECONDS);
        PostgresStore store = run.postgres();
        // two servers behind one port, as a balancer has them: the second takes whom the first lets go
        Server leaving = run.server(store)
                .variable("DRAIN_TIME", Integer.toString(seconds * 1_000))
                .start();
        Server staying = run.server(store).start();
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        // a node that has just been started is slower than one that has been serving for long
        for (int i = 0; i < WARM_ROUNDS; i++) {
            crowd.enter(WARM_CLIENTS, staying.port(), new Account()).forEach(Reader::close);
        }
        crowd.enter(clients, leaving.port(), account);
        crowd.redirect(leaving.port(), staying.port());
        Sender sender = new Sender(staying, account);
        Load load = run.with(new Load(4, 100, Long.MAX_VALUE, turn -> {
            int n = account.number();
            sender.send(n, Crowd.user(n % clients), () -> false);
        }));
        TimeUnit.SECONDS.sleep(3);
        crowd.attempts().reset();
        crowd.connects().reset();
        long began = System.nanoTime();
        leaving.terminate();
        while (leaving.status("/health/ready") == 200) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        long notReady = millisSince(began);
        boolean ended = leaving.process().waitFor(seconds + SLACK_SECONDS, TimeUnit.SECONDS);
        long took = millisSince(began);
        int code = ended ? leaving.process().exitValue() : -1;
        crowd.awaitConnected(clients, 20);
        int peak = crowd.attempts().busiestSecond();
        int letIn = crowd.connects().busiestSecond();
        load.stop();
        account.awaitAll(20);
        return Verdict.of(account.line(staying))
                .figure("clients", clients)
                .figure("drain_s", seconds)
                .figure("not_ready_ms", notReady)
                .figure("ended_ms", took)
                .figure("exit", code)
                .figure("reconnects_busiest_s", peak)
                .figure("let_in_busiest_s", letIn)
                .require(notReady <= 500, "not ready at once")
                .require(ended && code == 0, "exit 0 within N + 5 s")
                .require(peak <= 2 * clients / seconds, "reconnect peak at most twice clients/N");
    }

    private static long millisSince(long began) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }
}
