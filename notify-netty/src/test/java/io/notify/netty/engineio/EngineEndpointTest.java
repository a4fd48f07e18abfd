package io.notify.netty.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.AsciiString;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpLimits;
import io.notify.netty.http.HttpPort;
import io.notify.netty.http.HttpRoutes;
import io.notify.netty.http.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time is a number that the tests turn on; only the sweeps, which look at it, run by the real clock. */
final class EngineEndpointTest {
    private static final String PATH = "/engine.io/?EIO=4&transport=";

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    private final EchoApplication application = new EchoApplication();
    private final List<RawClient> clients = new ArrayList<>();
    private EngineEndpoint endpoint;
    private HttpPort port;

    @BeforeEach
    void start() {
        EngineApplication gated = new EngineApplication() {
            @Override
            public CompletionStage<Boolean> admits(HttpExchange request) {
                return CompletableFuture.supplyAsync(() -> !forbidden.contains("open"));
            }

            @Override
            public CompletionStage<Boolean> admits(EngineListener known, HttpExchange request) {
                return CompletableFuture.completedStage(!forbidden.contains("use"));
            }

            @Override
            public EngineListener open(EngineSession session, EngineHandshake handshake) {
                return application.open(session, handshake);
            }
        };
        port = HttpPort.builder()
                .host("127.0.0.1")
                .port(0)
                .threads(3)
                .nanoClock(nanos::get)
                .limits(HttpLimits.defaults().withMaxConnections(1000, 1000, 100_000))
                .build();
        endpoint = new EngineEndpoint(
                new EngineSettings(
                        Duration.ofSeconds(25),
                        Duration.ofSeconds(20),
                        1000,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        5000),
                gated,
                name -> AsciiString.contentEqualsIgnoreCase(name, "x-kept"),
                port.sessionLimits());
        port.listen(HttpRoutes.builder().exact("/engine.io/", endpoint).build());
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        endpoint.dropSessions();
        port.close();
        assertThat(endpoint.sessions()).isZero();
    }

    private RawClient client() throws IOException {
        RawClient client = new RawClient(port.port());
        clients.add(client);
        return client;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private String openPolling() throws IOException {
        String answer = client().get(PATH + "polling").readAnswer();
        assertThat(answer)
                .matches(
                        "200 0\\{\"sid\":\"[A-Za-z0-9_-]{24}\",\"upgrades\":\\[\"websocket\"],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000}");
        return answer.split("\"")[3];
    }

    /** Polls, and returns when the session has the poll waiting: another connection could overtake it before. */
    private RawClient park(String sid) throws IOException {
        RawClient client = client().get(polling(sid));
        EngineSession session = application.opened.stream()
                .filter(opened -> opened.sid().equals(sid))
                .findFirst()
                .orElseThrow();
        await().until(() -> CompletableFuture.supplyAsync(
                        () -> Objects.requireNonNull(session.polling()).isParked(), session.loop())
                .join());
        return client;
    }

    private RawClient openWebSocket() throws IOException {
        RawClient client = client();
        assertThat(client.upgrade(PATH + "websocket")).startsWith("HTTP/1.1 101 ");
        assertThat(client.readFrame())
                .matches(
                        "text:0\\{\"sid\":\"[A-Za-z0-9_-]{24}\",\"upgrades\":\\[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000}");
        return client;
    }

    private static String polling(String sid) {
        return PATH + "polling&sid=" + sid;
    }

    private String poll(String sid) throws IOException {
        return client().get(polling(sid)).readAnswer();
    }

    private String push(String sid, String body) throws IOException {
        return client().post(polling(sid), body).readAnswer();
    }

    private EngineCloseReason closeReason() throws InterruptedException {
        return application.closed.poll(5, TimeUnit.SECONDS);
    }

    @Test
    void refusesWithTheCodesOfTheProtocol() throws IOException {
        assertThat(client().get("/engine.io/?EIO=4").readAnswer())
                .isEqualTo("400 {\"code\":0,\"message\":\"Transport unknown\"}");
        assertThat(poll("guessed")).isEqualTo("400 {\"code\":1,\"message\":\"Session ID unknown\"}");
        assertThat(client().post(PATH + "polling", "").readAnswer())
                .isEqualTo("400 {\"code\":2,\"message\":\"Bad handshake method\"}");
        assertThat(client().get(PATH + "websocket").readAnswer())
                .isEqualTo("400 {\"code\":3,\"message\":\"Bad request\"}");
        assertThat(client().get("/engine.io/?EIO=3&transport=polling").readAnswer())
                .isEqualTo("400 {\"code\":5,\"message\":\"Unsupported protocol version\"}");
        assertThat(client().get("/engine.io/?EIO=%zz&transport=polling").readAnswer())
                .isEqualTo("400 {\"code\":3,\"message\":\"Bad request\"}");
        assertThat(client().upgrade(PATH + "websocket&sid=guessed")).startsWith("HTTP/1.1 400 ");
        assertThat(client().upgrade("/engine.io/?EIO=3&transport=websocket")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void asksTheApplicationBeforeASessionIsOpenedOrUsed() throws IOException {
        String sid = openPolling();
        forbidden.add("open");
        assertThat(client().get(PATH + "polling").readAnswer()).isEqualTo("403 {\"code\":4,\"message\":\"Forbidden\"}");
        assertThat(client().upgrade(PATH + "websocket")).startsWith("HTTP/1.1 403 ");
        assertThat(push(sid, "4a")).isEqualTo("200 ok");
        forbidden.add("use");
        assertThat(poll(sid)).startsWith("403 ");
        assertThat(push(sid, "4b")).startsWith("403 ");
        assertThat(client().upgrade(PATH + "websocket&sid=" + sid)).startsWith("HTTP/1.1 403 ");
        forbidden.clear();
        assertThat(poll(sid)).isEqualTo("200 4a");
    }

    @Test
    void tellsTheApplicationOfTheHandshake() throws Exception {
        client().send("GET " + PATH
                        + "polling&token=a&token=b HTTP/1.1\r\nHost: h\r\nX-Kept: 1\r\nX-Kept: 2\r\nX-Other: 3\r\n\r\n")
                .readAnswer();
        EngineHandshake handshake = application.handshakes.poll(5, TimeUnit.SECONDS);
        assertThat(handshake.query()).containsOnlyKeys("token");
        assertThat(handshake.queryParameter("token")).isEqualTo("a");
        assertThat(handshake.headers()).containsOnlyKeys("x-kept");
        assertThat(handshake.header("x-kept")).isEqualTo("1, 2");
        assertThat(handshake.path()).isEqualTo("/engine.io/");
    }

    @Test
    void carriesTextAndBinaryBothWaysByPolling() throws IOException {
        String sid = openPolling();
        assertThat(push(sid, "4a\u001ebAQIDBA==\u001e4c")).isEqualTo("200 ok");
        assertThat(poll(sid)).isEqualTo("200 4a\u001ebAQIDBA==\u001e4c");
    }

    @Test
    void answersAParkedPollAtOnceAndAsText() throws IOException {
        String sid = openPolling();
        RawClient parked = client().get(polling(sid));
        assertThat(push(sid, "4late")).isEqualTo("200 ok");
        assertThat(parked.readHead()).contains("content-type: text/plain; charset=UTF-8");
    }

    @Test
    void carriesTextAndBinaryBothWaysByWebSocket() throws IOException {
        RawClient client = openWebSocket();
        assertThat(client.text("4gr\u00fc\u00dfe").readFrame()).isEqualTo("text:4gr\u00fc\u00dfe");
        assertThat(client.frame(0x82, new byte[] {1, 4, 'x'}).readFrame()).isEqualTo("binary:\u0001\u0004x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "", "0{}", "2", "5", "4a\u001e9"})
    void nonsenseByPostIs400AndEndsTheSession(String body) throws Exception {
        String sid = openPolling();
        assertThat(push(sid, body)).startsWith("400 ");
        assertThat(closeReason()).isEqualTo(EngineCloseReason.PARSE_ERROR);
        assertThat(poll(sid)).isEqualTo("400 {\"code\":1,\"message\":\"Session ID unknown\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "", "0{}", "2", "5", "7"})
    void nonsenseByWebSocketClosesIt(String frame) throws Exception {
        RawClient client = openWebSocket();
        assertThat(client.text(frame).readFrame()).isEqualTo("close:1002");
        assertThat(closeReason()).isEqualTo(EngineCloseReason.PARSE_ERROR);
    }

    @Test
    void overlappingPollsAre400AndEndTheSession() throws Exception {
        String sid = openPolling();
        // On the same connection the second one would wait its turn.
        RawClient first = park(sid);
        assertThat(poll(sid)).startsWith("400 ");
        assertThat(first.readAnswer()).isEqualTo("200 1");
        assertThat(closeReason()).isEqualTo(EngineCloseReason.TRANSPORT_ERROR);
        assertThat(poll(sid)).startsWith("400 ");
    }

    @Test
    void overlappingPushesAre400AndEndTheSession() throws Exception {
        String sid = openPolling();
        RawClient slow = client();
        slow.send("POST " + polling(sid) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
        assertThat(slow.readHead()).startsWith("HTTP/1.1 100 ");
        assertThat(push(sid, "4b")).startsWith("400 ");
        assertThat(closeReason()).isEqualTo(EngineCloseReason.TRANSPORT_ERROR);
        assertThat(slow.send("4aa").readAnswer()).startsWith("400 ");
    }

    @Test
    void octetStreamsAre400AndEndTheSession() throws Exception {
        String sid = openPolling();
        RawClient client = client();
        client.send("POST " + polling(sid)
                + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: 2\r\n\r\n4a");
        assertThat(client.readAnswer()).startsWith("400 ");
        assertThat(closeReason()).isEqualTo(EngineCloseReason.TRANSPORT_ERROR);
    }

    @Test
    void tooLargeMessagesAre413And1009() throws IOException {
        assertThat(push(openPolling(), "4" + "x".repeat(1000))).startsWith("413 ");
        RawClient chunked = client();
        chunked.send("POST " + polling(openPolling())
                + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n4" + "x".repeat(1000) + "\r\n");
        assertThat(chunked.readAnswer()).startsWith("413 ");
        assertThat(openWebSocket().text("4" + "x".repeat(1000)).readFrame()).isEqualTo("close:1009");
    }

    @Test
    void aClosePacketByPostReleasesThePollWithANoop() throws Exception {
        String sid = openPolling();
        RawClient parked = park(sid);
        assertThat(push(sid, "1")).isEqualTo("200 ok");
        assertThat(parked.readAnswer()).isEqualTo("200 6");
        assertThat(closeReason()).isEqualTo(EngineCloseReason.TRANSPORT_CLOSE);
        assertThat(poll(sid)).startsWith("400 ");
    }

    @Test
    void aPollThatComesInJustBehindAClosePacketIsReleasedAsWell() throws Exception {
        String sid = openPolling();
        RawClient closing = client().post(polling(sid), "1");
        assertThat(closeReason()).isEqualTo(EngineCloseReason.TRANSPORT_CLOSE);
        assertThat(poll(sid)).isEqualTo("200 6");
        assertThat(closing.readAnswer()).isEqualTo("200 ok");
        assertThat(poll(sid)).startsWith("400 ");
    }

    @Test
    void afterTheAnswerToAClosePacketThereIsNoSession() throws Exception {
        String sid = openPolling();
        RawClient closing = client().post(polling(sid), "1");
        assertThat(closeReason()).isEqualTo(EngineCloseReason.TRANSPORT_CLOSE);
        pass(Duration.ofMillis(50));
        assertThat(closing.readAnswer()).isEqualTo("200 ok");
        assertThat(poll(sid)).startsWith("400 ");
    }

    @Test
    void aClosePacketByWebSocketClosesIt() throws Exception {
        assertThat(openWebSocket().text("1").readFrame()).isEqualTo("close:1000");
        assertThat(closeReason()).isEqualTo(EngineCloseReason.TRANSPORT_CLOSE);
    }

    @Test
    void pingsByPollingUntilThePongsEnd() throws Exception {
        String sid = openPolling();
        for (int i = 0; i < 3; i++) {
            RawClient parked = park(sid);
            pass(Duration.ofSeconds(25));
            assertThat(parked.readAnswer()).isEqualTo("200 2");
            assertThat(push(sid, "3")).isEqualTo("200 ok");
        }
        RawClient parked = client().get(polling(sid));
        pass(Duration.ofSeconds(25));
        assertThat(parked.readAnswer()).isEqualTo("200 2");
        RawClient late = park(sid);
        pass(Duration.ofSeconds(20));
        assertThat(late.readAnswer()).isEqualTo("200 1");
        assertThat(closeReason()).isEqualTo(EngineCloseReason.PING_TIMEOUT);
    }

    @Test
    void thePingTimeoutIsExactWhetherTheSweepHasRunOrNot() throws IOException {
        for (int i = 0; i < 20; i++) {
            String sid = openPolling();
            pass(Duration.ofSeconds(45));
            assertThat(poll(sid)).startsWith("400 ");
        }
        String sid = openPolling();
        pass(Duration.ofSeconds(45).minusNanos(1));
        assertThat(poll(sid)).isEqualTo("200 2");
    }

    @Test
    void pingsByWebSocketUntilThePongsEnd() throws Exception {
        RawClient client = openWebSocket();
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofSeconds(25));
            assertThat(client.readFrame()).isEqualTo("text:2");
            // The echo shows that the pong before it was heard.
            assertThat(client.text("3").text("4x").readFrame()).isEqualTo("text:4x");
        }
        pass(Duration.ofSeconds(25));
        assertThat(client.readFrame()).isEqualTo("text:2");
        pass(Duration.ofSeconds(20));
        assertThat(client.readFrame()).isEqualTo("close:1000");
        assertThat(closeReason()).isEqualTo(EngineCloseReason.PING_TIMEOUT);
    }

    @Test
    void upgradesWithoutLosingDoublingOrReorderingAnything() throws Exception {
        String sid = openPolling();
        RawClient parked = park(sid);
        EngineSession session = application.opened.poll(5, TimeUnit.SECONDS);
        List<String> received = new ArrayList<>();
        RawClient socket = client();
        assertThat(socket.upgrade(PATH + "websocket&sid=" + sid)).startsWith("HTTP/1.1 101 ");
        assertThat(socket.text("2probe").readFrame()).isEqualTo("text:3probe");
        assertThat(parked.readAnswer()).isEqualTo("200 6");
        offer(session, 0, 10);
        received.addAll(List.of(poll(sid).substring(4).split("\u001e")));
        assertThat(poll(sid)).isEqualTo("200 6");
        offer(session, 10, 20);
        socket.text("5").text("4echo");
        do {
            received.add(socket.readFrame().substring(5));
        } while (!received.contains("4echo"));
        assertThat(received).hasSize(21).last().isEqualTo("4echo");
        for (int i = 0; i < 20; i++) {
            assertThat(received.get(i)).isEqualTo("4m" + i);
        }
        assertThat(session.isWebSocket()).isTrue();
        assertThat(poll(sid)).isEqualTo("400 {\"code\":3,\"message\":\"Bad request\"}");
        assertThat(push(sid, "4x")).isEqualTo("400 {\"code\":3,\"message\":\"Bad request\"}");
    }

    /** Offers in one task and waits for it: what the client sends next is then surely read after it. */
    private static void offer(EngineSession session, int from, int to) {
        onLoop(session, () -> {
            for (int i = from; i < to; i++) {
                session.offer(EncodedPacket.message(("m" + i).getBytes(UTF_8)));
            }
        });
    }

    private static void onLoop(EngineSession session, Runnable task) {
        CompletableFuture.runAsync(task, session.loop())
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aSecondWebSocketIsClosedAndTheFirstGoesOn() throws Exception {
        String sid = openPolling();
        RawClient first = client();
        first.upgrade(PATH + "websocket&sid=" + sid);
        RawClient second = client();
        assertThat(second.upgrade(PATH + "websocket&sid=" + sid)).startsWith("HTTP/1.1 101 ");
        assertThat(second.readFrame()).isEqualTo("close:1008");
        assertThat(first.text("2probe").text("5").text("4a").readFrame()).isEqualTo("text:3probe");
        assertThat(first.readFrame()).isEqualTo("text:4a");
        RawClient third = client();
        third.upgrade(PATH + "websocket&sid=" + sid);
        assertThat(third.readFrame()).isEqualTo("close:1008");
        assertThat(first.text("4b").readFrame()).isEqualTo("text:4b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "2", "4a", "3probe", "nonsense"})
    void aBrokenUpgradeEndsTheProbeAloneAndPollingGoesOn(String frame) throws Exception {
        String sid = openPolling();
        RawClient socket = client();
        socket.upgrade(PATH + "websocket&sid=" + sid);
        assertThat(socket.text(frame).readFrame()).isEqualTo("close:1002");
        assertThat(push(sid, "4a")).isEqualTo("200 ok");
        assertThat(poll(sid)).isEqualTo("200 4a");
        RawClient again = client();
        again.upgrade(PATH + "websocket&sid=" + sid);
        assertThat(again.text("2probe").readFrame()).isEqualTo("text:3probe");
        again.reset();
        await().untilAsserted(() -> {
            RawClient once = client();
            once.upgrade(PATH + "websocket&sid=" + sid);
            assertThat(once.text("2probe").readFrame()).isEqualTo("text:3probe");
        });
    }

    @Test
    void anUpgradeThatIsNotFinishedInTimeEndsTheProbeAlone() throws Exception {
        String sid = openPolling();
        RawClient socket = client();
        socket.upgrade(PATH + "websocket&sid=" + sid);
        assertThat(socket.text("2probe").readFrame()).isEqualTo("text:3probe");
        pass(Duration.ofSeconds(10));
        assertThat(socket.readFrame()).isEqualTo("close:1008");
        assertThat(push(sid, "4a")).isEqualTo("200 ok");
        assertThat(poll(sid)).isEqualTo("200 4a");
    }

    @Test
    void whatIsOfferedIsBounded() throws Exception {
        openPolling();
        EngineSession polling = application.opened.poll(5, TimeUnit.SECONDS);
        CompletableFuture<Integer> taken = new CompletableFuture<>();
        polling.loop().run(() -> {
            int count = 0;
            while (polling.offer(EncodedPacket.message(new byte[996]))) {
                count++;
            }
            taken.complete(count);
        });
        assertThat(taken.get(5, TimeUnit.SECONDS)).isEqualTo(4);
        // The open packet was taken by its poll; a packet is 996 bytes, a type digit and a header of 4.
        assertThat(polling.pendingBytes()).isEqualTo(4 * 1001);

        openWebSocket();
        EngineSession socket = application.opened.poll(5, TimeUnit.SECONDS);
        CompletableFuture<Boolean> within = new CompletableFuture<>();
        socket.loop().run(() -> {
            int count = 0;
            while (socket.offerShared(EncodedPacket.message(new byte[996]))) {
                count++;
            }
            within.complete(count > 0 && count <= 5 && socket.pendingBytes() <= 5000);
        });
        assertThat(within.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aServerCloseReachesClientsAfterWhatWasOffered() throws Exception {
        String sid = openPolling();
        EngineSession polling = application.opened.poll(5, TimeUnit.SECONDS);
        onLoop(polling, () -> polling.offer(EncodedPacket.message("bye".getBytes(UTF_8))));
        polling.close();
        assertThat(closeReason()).isEqualTo(EngineCloseReason.FORCED_CLOSE);
        assertThat(poll(sid)).isEqualTo("200 4bye\u001e1");
        assertThat(poll(sid)).startsWith("400 ");

        String parkedSid = openPolling();
        RawClient parked = park(parkedSid);
        EngineSession parkedSession = application.opened.poll(5, TimeUnit.SECONDS);
        parkedSession.close();
        assertThat(parked.readAnswer()).isEqualTo("200 1");

        RawClient socket = openWebSocket();
        EngineSession session = application.opened.poll(5, TimeUnit.SECONDS);
        onLoop(session, () -> session.offer(EncodedPacket.message("bye".getBytes(UTF_8))));
        session.close();
        assertThat(socket.readFrame()).isEqualTo("text:4bye");
        assertThat(socket.readFrame()).isEqualTo("close:1000");
    }

    @Test
    void aClosedSessionThatNobodyPollsIsForgotten() throws Exception {
        openPolling();
        application.opened.poll(5, TimeUnit.SECONDS).close();
        assertThat(closeReason()).isEqualTo(EngineCloseReason.FORCED_CLOSE);
        pass(Duration.ofSeconds(5));
        await().until(() -> endpoint.sessions() == 0);
    }

    @Test
    void wakesTheApplicationOnce() throws Exception {
        openWebSocket();
        EngineSession session = application.opened.poll(5, TimeUnit.SECONDS);
        long at = nanos.get() + Duration.ofSeconds(3).toNanos();
        onLoop(session, () -> session.wakeAt(at));
        pass(Duration.ofSeconds(3));
        assertThat(application.woken.poll(5, TimeUnit.SECONDS)).isEqualTo(session.sid());
    }

    @Test
    void nothingIsLeftOfClientsThatComeAndGoInEveryWay() throws Exception {
        for (int i = 0; i < 30; i++) {
            String sid = openPolling();
            client().get(polling(sid)).reset();
            openWebSocket().reset();
            openWebSocket().socket().shutdownOutput();
            RawClient broken = client();
            broken.upgrade(PATH + "websocket&sid=" + openPolling());
            broken.text("2probe").reset();
            client().send("GET " + PATH + "websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n")
                    .reset();
            client().send("POST " + polling(openPolling()) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n4a")
                    .reset();
            client().get(PATH + "websocket").reset();
        }
        pass(Duration.ofSeconds(45));
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(45));
            assertThat(endpoint.sessions()).isZero();
        });
        for (RawClient client : clients) {
            client.close();
        }
        await().until(() -> port.connections() == 0);
        assertThat(application.closed).hasSameSizeAs(application.opened);
    }

    @Test
    void aSecondClientNoticesNothingOfABadOne() throws Exception {
        RawClient good = openWebSocket();
        for (int i = 0; i < 20; i++) {
            RawClient bad = openWebSocket();
            bad.text("9").readFrame();
            assertThat(good.text("4" + i).readFrame()).isEqualTo("text:4" + i);
        }
    }
}
