package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.Audience;
import io.notify.Intercepted;
import io.notify.Notification;
import io.notify.NotificationLog;
import io.notify.Position;
import io.notify.netty.http.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One cursor over every transport, on a real server. */
@Timeout(120)
class CursorTest {
    private static final String ANN = TestServer.token("ann", "CUSTOMER");
    private static final String BOB = TestServer.token("bob", "CUSTOMER");
    private static final Pattern POSITION = Pattern.compile("\"position\":\"([a-z0-9]+-\\d+)\"");
    private static final Pattern NOTIFICATION = Pattern.compile("\\{\"id\":\"([0-9a-f-]{36})\",\"event\"");
    private static final Pattern NUMBER = Pattern.compile("\"i\":(\\d+)");

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A way to come back with a cursor; returns what arrives up to and with the notification {@code end}. */
    private interface Way {
        String after(String token, String cursor) throws IOException;
    }

    private static String socketIo(String token, String pid, String cursor) throws IOException {
        try (RawClient client = new RawClient(server.server.port())) {
            client.upgrade("/socket.io/?EIO=4&transport=websocket");
            client.readFrame();
            String recovery = pid == null ? "" : ",\"pid\":\"" + pid + "\"";
            client.text("40{\"token\":\"" + token + "\"" + recovery + ",\"offset\":\"" + cursor + "\"}");
            return untilEnd(client);
        }
    }

    private static String plain(String token, String cursor) throws IOException {
        try (RawClient client = new RawClient(server.server.port())) {
            client.upgrade("/ws/notifications?token=" + token + "&since=" + cursor);
            return untilEnd(client);
        }
    }

    private static String resumeEvent(String token, String cursor) throws IOException {
        try (RawClient client = new RawClient(server.server.port())) {
            client.upgrade("/ws/notifications?token=" + token);
            client.text("{\"event\":\"resume\",\"data\":{\"position\":\"" + cursor + "\"}}");
            return untilEnd(client);
        }
    }

    private static String untilEnd(RawClient client) throws IOException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf("\"event\":\"end\"") < 0) {
            String frame = client.readFrame();
            assertThat(frame).isNotEqualTo("end").doesNotStartWith("close:");
            all.append(frame).append('\n');
        }
        return all.toString();
    }

    private static String sse(String token, String cursor) throws IOException {
        try (RawClient client = new RawClient(server.server.port())) {
            client.send("GET /notifications/sse?token=" + token + " HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: "
                    + cursor + "\r\n\r\n");
            StringBuilder all = new StringBuilder();
            byte[] buffer = new byte[8192];
            while (all.indexOf("\"event\":\"end\"") < 0) {
                int read = client.socket().getInputStream().read(buffer);
                assertThat(read).isPositive();
                all.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
            }
            return all.toString();
        }
    }

    private static String rest(String token, String cursor) {
        StringBuilder all = new StringBuilder();
        String next = cursor;
        while (!next.equals("null")) {
            JsonNode page =
                    server.get("/notifications?limit=7&after=" + next, token).json();
            page.path("items").forEach(item -> all.append(item).append('\n'));
            next = page.path("next").isNull() ? "null" : page.path("next").asText();
        }
        return all.toString();
    }

    private static List<String> ids(String text) {
        List<String> ids = new ArrayList<>();
        Matcher matcher = NOTIFICATION.matcher(text);
        while (matcher.find()) {
            ids.add(matcher.group(1));
        }
        return ids;
    }

    private static Notification random(Random random, int i) {
        Audience audience = switch (random.nextInt(6)) {
            case 0 -> Audience.user("ann");
            case 1 -> Audience.users(List.of("ann", "bob"));
            case 2 -> Audience.role("CUSTOMER");
            case 3 -> Audience.everyone();
            case 4 -> Audience.user("bob");
            default -> Audience.role("ADMIN");
        };
        Notification.Builder builder = Notification.builder(audience, "n").data(Map.of("i", i));
        if (random.nextInt(4) == 0) {
            builder.collapseKey("k" + random.nextInt(2));
        }
        if (random.nextInt(8) == 0) {
            builder.timeToLive(Duration.ofMillis(1));
        }
        return builder.build();
    }

    @Test
    void everyWayOfComingBackGivesTheSameFromTheSameCursor() throws IOException {
        Random random = new Random(11);
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            positions.add(server.service.send(random(random, i)).position());
        }
        server.service.send(Audience.everyone(), "end", Map.of());
        for (int start : new int[] {0, 1, 17, 60, 119}) {
            String cursor = positions.get(start).toString();
            for (String token : List.of(ANN, BOB)) {
                List<String> expected = ids(rest(token, cursor));
                assertThat(expected).isNotEmpty().doesNotHaveDuplicates();
                List<Way> ways = List.of(
                        (t, c) -> socketIo(t, null, c), CursorTest::plain, CursorTest::resumeEvent, CursorTest::sse);
                for (Way way : ways) {
                    assertThat(ids(way.after(token, cursor))).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void anothersPidAndCursorShowOnlyWhatOnesOwnTokenMaySee() throws IOException {
        String opened;
        try (RawClient ann = new RawClient(server.server.port())) {
            ann.upgrade("/socket.io/?EIO=4&transport=websocket");
            ann.readFrame();
            ann.text("40{\"token\":\"" + ANN + "\"}");
            opened = ann.readFrame() + ann.readFrame();
            ann.text("42[\"joinRoom\",\"job:secret\"]");
            while (!ann.readFrame().contains("joinedRoom")) {}
        }
        String pid = opened.replaceAll("(?s).*\"pid\":\"([^\"]+)\".*", "$1");
        Matcher position = POSITION.matcher(opened);
        assertThat(position.find()).isTrue();
        String cursor = position.group(1);
        server.service.send(Audience.user("ann"), "hers", Map.of());
        server.service.send(Audience.room("job:secret"), "room", Map.of());
        server.service.send(Audience.user("bob"), "his", Map.of());
        server.service.send(Audience.everyone(), "end", Map.of());

        String bobs = socketIo(BOB, pid, cursor);

        assertThat(bobs).contains("\"event\":\"his\"").doesNotContain("\"event\":\"hers\"", "\"event\":\"room\"");
        assertThat(bobs).doesNotContain(pid);
        String anns = socketIo(ANN, pid, cursor);
        assertThat(anns).contains("\"event\":\"hers\"", pid).doesNotContain("\"event\":\"his\"");
        assertThat(plain(BOB, cursor)).doesNotContain("\"event\":\"hers\"");
        assertThat(sse(BOB, cursor)).doesNotContain("\"event\":\"hers\"");
    }

    @Test
    void aResumeNeedsATokenThatStillHolds() throws IOException {
        String expired = TestServer.token("ann", Duration.ofSeconds(-1));
        String cursor = server.service
                        .send(Audience.user("ann"), "n", Map.of())
                        .position()
                        .epoch() + "-0";
        String pid =
                server.service.gateway().recoveryId(new io.notify.Identity("ann", java.util.Set.of(), null, null), "s");
        try (RawClient client = new RawClient(server.server.port())) {
            client.upgrade("/socket.io/?EIO=4&transport=websocket");
            client.readFrame();
            client.text("40{\"token\":\"" + expired + "\",\"pid\":\"" + pid + "\",\"offset\":\"" + cursor + "\"}");
            assertThat(client.readFrame()).startsWith("text:44").contains("\"code\":\"UNAUTHORIZED\"");
        }
        try (RawClient client = new RawClient(server.server.port())) {
            assertThat(client.upgrade("/ws/notifications?token=" + expired + "&since=" + cursor))
                    .contains(" 401 ");
        }
        assertThat(server.get("/notifications/sse?lastEventId=" + cursor, expired)
                        .status())
                .isEqualTo(401);
        assertThat(server.get("/notifications?after=" + cursor, expired).status())
                .isEqualTo(401);
    }

    @Test
    void publishingDuringAThousandResumesOverTheNetworkNeitherSkipsNorDoublesNorReorders() throws IOException {
        String token = TestServer.token("cyd");
        long sent = 0;
        Position last = server.service.send(numbered(sent)).position();
        for (int round = 0; round < 1_000; round++) {
            String cursor = last.toString();
            long first = sent + 1;
            long through = sent + 1 + round % 4;
            CompletableFuture<Position> sender = CompletableFuture.supplyAsync(() -> {
                Position position = null;
                for (long i = first; i <= through; i++) {
                    position = server.service.send(numbered(i)).position();
                }
                return position;
            });
            List<Long> seen = new ArrayList<>();
            try (RawClient client = new RawClient(server.server.port())) {
                client.upgrade("/ws/notifications?token=" + token + "&since=" + cursor);
                while (seen.isEmpty() || seen.get(seen.size() - 1) < through) {
                    String frame = client.readFrame();
                    assertThat(frame).doesNotContain("\"gap\"").isNotEqualTo("end");
                    Matcher matcher = NUMBER.matcher(frame);
                    if (matcher.find()) {
                        seen.add(Long.parseLong(matcher.group(1)));
                    }
                }
            }
            last = sender.join();
            sent = through;
            assertThat(seen)
                    .isEqualTo(LongStream.rangeClosed(first, through).boxed().toList());
        }
    }

    private static Notification numbered(long i) {
        return Notification.builder(Audience.user("cyd"), "n")
                .data(Map.of("i", i))
                .build();
    }

    @Test
    void readingOnOneConnectionIsToldOnAllOfTheUserStreamsIncluded() throws IOException {
        String token = TestServer.token("dora");
        try (RawClient stream = new RawClient(server.server.port());
                RawClient socket = new RawClient(server.server.port())) {
            stream.get("/notifications/sse?token=" + token);
            socket.upgrade("/ws/notifications?token=" + token);
            socket.readFrame();
            await().until(() -> server.service.presence().stats().onlineUsers() > 0
                    && server.service.presence().sessions("dora").size() == 2);
            String first = sendTo("dora");
            socket.text("{\"event\":\"markNotificationRead\",\"data\":{\"notificationId\":\"" + first + "\"}}");
            assertThat(streamUntil(stream, "event: notificationRead")).contains(first);
            String second = sendTo("dora");
            assertThat(unread(token)).isPositive();
            assertThat(server.post("/notifications/read-all", token, "").status())
                    .isEqualTo(204);
            assertThat(streamUntil(stream, "{\"notificationId\":\"" + second)).contains("event: notificationRead");
            String frame = socket.readFrame();
            while (!(frame.contains("notificationRead") && frame.contains(second))) {
                frame = socket.readFrame();
            }
            assertThat(unread(token)).isZero();
        }
    }

    private static String sendTo(String user) {
        return server.service.send(Audience.user(user), "n", Map.of()).id().toString();
    }

    private static int unread(String token) {
        return server.get("/notifications/unread-count", token)
                .json()
                .path("count")
                .asInt();
    }

    private static String streamUntil(RawClient stream, String text) throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] buffer = new byte[8192];
        while (all.indexOf(text) < 0 || all.indexOf("\n\n", all.indexOf(text)) < 0) {
            int read = stream.socket().getInputStream().read(buffer);
            assertThat(read).isPositive();
            all.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    @Test
    void aFullQueueAndAnAbsentLogAre503WithRetryAfterInTime() {
        String service = TestServer.token("shop", "SERVICE");
        String body = "{\"audience\":{\"user\":\"ann\"},\"event\":\"n\"}";
        CountDownLatch gate = new CountDownLatch(1);
        AtomicBoolean away = new AtomicBoolean();
        NotificationLog log =
                Intercepted.before(NotificationLog.class, NotificationLog.inMemory(), "append"::equals, () -> {
                    if (away.get()) {
                        throw new io.notify.LogUnavailableException("away", new IllegalStateException("on purpose"));
                    }
                    gate.await();
                });
        try (TestServer full = new TestServer(b -> b.log(log).sendQueue(1, 1 << 20), b -> b)) {
            CompletableFuture<?> first = full.service.sendAsync(numbered(1));
            await().until(() -> full.service.health().queuedSends() == 0);
            CompletableFuture<?> second = full.service.sendAsync(numbered(2));

            TestServer.Answer refused = full.post("/notifications", service, body);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();

            gate.countDown();
            first.join();
            second.join();
            away.set(true);
            long start = System.nanoTime();
            TestServer.Answer absent = full.post("/notifications", service, body);
            assertThat(absent.status()).isEqualTo(503);
            assertThat(Integer.parseInt(absent.header("Retry-After"))).isPositive();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            assertThat(full.post("/notifications", service, body.replace("\"event\"", "\"durable\":false,\"event\""))
                            .status())
                    .isEqualTo(202);
            away.set(false);
            await().until(() -> full.post("/notifications", service, body).status() == 201);
        }
    }
}
