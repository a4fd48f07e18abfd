package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** F5: 10,000 sign-ins in 10 s. All are in within 15 s; beyond the limit the answer is 503 with Retry-After. */
final class ConnectStorm implements Fault {
    private static final int CLIENTS = 10_000;
    private static final int SECONDS = 10;
    private static final int ALL_IN_SECONDS = 15;

    @Override
    public Verdict happen(Run run) throws Exception {
        int clients = run.option("clients", CLIENTS);
        Server server = run.server(run.store())
                .variable("MAX_CONNECTIONS", Integer.toString(clients + 10))
                .start();
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            readers.add(crowd.add(new PlainReader(crowd, server.port(), account.inbox(Crowd.user(i)))));
        }
        long began = System.nanoTime();
        try (Load storm = new Load(
                2, clients / SECONDS, clients, turn -> readers.get((int) turn).start())) {
            storm.await();
        }
        boolean in = crowd.awaitConnected(clients, ALL_IN_SECONDS * 4L);
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        int losses = crowd.losses();
        // the sender's own connection, and the health's, fit in the ten that are left; these do not
        int refused = 0;
        int withRetryAfter = 0;
        for (int i = 0; i < 20; i++) {
            crowd.add(new PlainReader(crowd, server.port(), new Inbox("late-" + i, new Pulse())))
                    .start();
        }
        TimeUnit.SECONDS.sleep(1);
        for (int i = 0; i < 5; i++) {
            HttpResponse<Void> answer = answer(crowd, server.http("/health/live"));
            refused += answer.statusCode() == 503 ? 1 : 0;
            withRetryAfter += answer.headers().firstValue("retry-after").isPresent() ? 1 : 0;
        }
        return Verdict.whateverIsStored(account.line(0))
                .figure("clients", clients)
                .figure("in", crowd.connected())
                .figure("all_in_ms", took)
                .figure("lost_connections", losses)
                .figure("beyond_503", refused + "/5")
                .figure("with_retry_after", withRetryAfter + "/5")
                .require(in && took <= ALL_IN_SECONDS * 1_000L, "all in within 15 s")
                .require(refused == 5 && withRetryAfter == 5, "503 with Retry-After beyond the limit");
    }

    private static HttpResponse<Void> answer(Crowd crowd, URI uri) throws IOException, InterruptedException {
        return crowd.http().send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
    }
}
