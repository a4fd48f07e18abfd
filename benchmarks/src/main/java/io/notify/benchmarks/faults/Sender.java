package io.notify.benchmarks.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.benchmarks.server.Server;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * A back end over HTTP: a send that was refused or not answered is sent again, with the same key and the same words, until
 * the answer is yes. Any thread.
 */
final class Sender {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 50;

    private final Server server;
    private final Account account;
    private final String token = Server.token("back-end", "SERVICE");
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final String padding;
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicLong slowestRefusal = new AtomicLong();
    private final AtomicLong lastYes = new AtomicLong();

    /** What became of one request; status 0 means no answer. */
    record Answer(int status, JsonNode body, long millis) {}

    Sender(Server server, Account account) {
        this(server, account, 0);
    }

    /** @param padding how many bytes each notification carries besides */
    Sender(Server server, Account account, int padding) {
        this.server = server;
        this.account = account;
        this.padding = "x".repeat(padding);
    }

    /** One send with an answer of yes, which the account then has; gives up when told. Whether it has. */
    boolean send(int n, String user, BooleanSupplier giveUp) throws InterruptedException {
        String body = body(Account.EVENT, user, true, "\"n\":" + n);
        while (true) {
            Answer answer = post(body, account.key(n));
            if (isYes(answer, n, user)) {
                return true;
            }
            if (answer.status() >= 400 && answer.status() < 500) {
                throw new IllegalStateException("a send can never succeed: " + answer.body());
            }
            if (giveUp.getAsBoolean()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    /** One durable try. Whether it was acknowledged; the account then has it. */
    Answer attempt(int n, String user) throws InterruptedException {
        Answer answer = post(body(Account.EVENT, user, true, "\"n\":" + n), account.key(n));
        isYes(answer, n, user);
        return answer;
    }

    private boolean isYes(Answer answer, int n, String user) {
        boolean yes = answer.status() == 200 || answer.status() == 201;
        if (yes) {
            lastYes.set(System.nanoTime());
            account.acknowledged(
                    n,
                    user,
                    answer.body().path("id").asText(),
                    answer.body().path("position").asText());
        }
        return yes;
    }

    /** One volatile send that carries its time; one try. */
    Answer tick(String user) throws InterruptedException {
        return post(body(Crowd.TICK, user, false, "\"t\":" + System.nanoTime()), "");
    }

    private String body(String event, String user, boolean durable, String data) {
        String audience = user.equals(Account.EVERYONE) ? "{\"everyone\":true}" : "{\"user\":\"" + user + "\"}";
        String padded = padding.isEmpty() ? data : data + ",\"padding\":\"" + padding + "\"";
        return "{\"audience\":" + audience + ",\"event\":\"" + event
                + "\",\"title\":\"t\",\"message\":\"m\",\"durable\":" + durable + ",\"data\":{" + padded + "}}";
    }

    private Answer post(String body, String key) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.http("/notifications"))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Idempotency-Key", key);
        }
        long began = System.nanoTime();
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            long millis = millisSince(began);
            if (answer.statusCode() >= 300) {
                refusals.incrementAndGet();
                slowestRefusal.accumulateAndGet(millis, Math::max);
            }
            return new Answer(answer.statusCode(), Account.json(answer.body()), millis);
        } catch (IOException e) {
            unanswered.incrementAndGet();
            return new Answer(0, Account.json(""), millisSince(began));
        }
    }

    private static long millisSince(long began) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    /** How often the answer was no. */
    int refusals() {
        return refusals.get();
    }

    /** How often there was none. */
    int unanswered() {
        return unanswered.get();
    }

    long slowestRefusalMillis() {
        return slowestRefusal.get();
    }

    /** When the last yes came, by {@link System#nanoTime}. */
    long lastYes() {
        return lastYes.get();
    }
}
