package io.notify.benchmarks.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.notify.benchmarks.server.Server;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What was promised, to be held against what everybody got and what the log holds. Any thread. */
final class Account {
    /** The event of the sends that are counted. */
    static final String EVENT = "fault";

    /** For all of the inboxes. */
    static final String EVERYONE = "*";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Integer, Promise> promises = new ConcurrentHashMap<>();
    private final List<Inbox> inboxes = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final String name = UUID.randomUUID().toString();
    private final Pulse pulse = new Pulse();

    private record Promise(String user, String id, String position) {}

    /** A number that no other send has. */
    int number() {
        return numbers.getAndIncrement();
    }

    /** The idempotency key of one of its sends. */
    String key(int n) {
        return name + "/" + n;
    }

    Inbox inbox(String user) {
        Inbox inbox = new Inbox(user, pulse);
        inboxes.add(inbox);
        return inbox;
    }

    Pulse pulse() {
        return pulse;
    }

    /** A send was answered with yes. */
    void acknowledged(int n, String user, String id, String position) {
        promises.put(n, new Promise(user, id, position));
    }

    int acknowledged() {
        return promises.size();
    }

    /** What was promised under each position. */
    Map<String, String> idsByPosition() {
        Map<String, String> ids = new HashMap<>();
        promises.values().forEach(promise -> ids.put(promise.position(), promise.id()));
        return ids;
    }

    private boolean kept(int n, Promise promise) {
        return inboxes.stream()
                .filter(inbox ->
                        promise.user().equals(EVERYONE) || promise.user().equals(inbox.user()))
                .allMatch(inbox -> inbox.has(n));
    }

    long missing() {
        return promises.entrySet().stream()
                .filter(entry -> !kept(entry.getKey(), entry.getValue()))
                .count();
    }

    long gaps() {
        return inboxes.stream().mapToLong(Inbox::gaps).sum();
    }

    /** Waits until everybody has everything, or that long. Whether they have. */
    boolean awaitAll(long seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (missing() > 0) {
            if (System.nanoTime() > end) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return true;
    }

    /** Closes the account: reads the whole log as an operator would. */
    Line line(Server server) throws IOException, InterruptedException {
        return line(rows(server).size());
    }

    Line line(long stored) {
        long lost = missing();
        return new Line(
                promises.size(),
                stored,
                promises.size() - lost,
                lost,
                inboxes.stream().mapToLong(Inbox::dupBefore).sum(),
                inboxes.stream().mapToLong(Inbox::dupAfter).sum(),
                inboxes.stream().mapToLong(Inbox::reordered).sum(),
                pulse.longestMillis());
    }

    /** Position and id of every row of ours in the log. */
    static Map<String, String> rows(Server server) throws IOException, InterruptedException {
        String token = Server.token("operator", "ADMIN");
        Map<String, String> rows = new HashMap<>();
        String cursor = "";
        while (true) {
            JsonNode page = json(server.get("/admin/notifications/logs?event=" + EVENT + "&limit=100" + cursor, token));
            if (!page.has("items")) {
                throw new IOException("the log cannot be read: " + page);
            }
            for (JsonNode row : page.path("items")) {
                rows.put(row.path("position").asText(), row.path("id").asText());
            }
            if (!page.hasNonNull("next")) {
                return rows;
            }
            cursor = "&cursor=" + page.path("next").asText();
        }
    }

    static JsonNode json(@Nullable String text) {
        try {
            return JSON.readTree(text == null ? "" : text);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }
}
