package io.notify.netty.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpPortTest {
    private static final HttpLimits MANY =
            HttpLimits.defaults().withMaxConnections(HttpLimits.UNLIMITED, HttpLimits.UNLIMITED, HttpLimits.UNLIMITED);

    private final BlockingQueue<HttpExchange> waiting = new ArrayBlockingQueue<>(16);
    private final AtomicInteger vanished = new AtomicInteger();
    private HttpPort port;

    @BeforeEach
    void start() {
        port = start(HttpPort.builder().limits(MANY));
    }

    @AfterEach
    void stop() {
        port.close();
    }

    private HttpPort start(HttpPort.Builder builder) {
        return builder.host("127.0.0.1")
                .port(0)
                .build()
                .listen(HttpRoutes.builder()
                        .exact("/hello", exchange -> exchange.reply(HttpReply.text(200, "hello")))
                        .exact(
                                "/echo",
                                exchange -> exchange.readBody(
                                        1000, body -> exchange.reply(HttpReply.of(200, "text/plain", body))))
                        .exact("/refuse", exchange -> exchange.reply(HttpReply.problem(401, "no")))
                        .exact("/wait", exchange -> {
                            exchange.onClose(vanished::incrementAndGet);
                            waiting.add(exchange);
                        })
                        .exact("/throw", exchange -> {
                            throw new IllegalStateException("as the test wants it");
                        })
                        .prefix("/tree/", exchange -> exchange.reply(HttpReply.text(200, exchange.path())))
                        .build());
    }

    private RawClient client() throws IOException {
        return new RawClient(port.port());
    }

    @Test
    void answersByExactPathThenPrefixThen404() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.get("/hello?x=1").readAnswer()).isEqualTo("200 hello");
            assertThat(client.get("/tree/a/b").readAnswer()).isEqualTo("200 /tree/a/b");
            assertThat(client.get("/hello/").readAnswer()).startsWith("404 {\"type\":\"about:blank\"");
        }
    }

    @Test
    void readsBodiesWithLengthAndChunked() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.post("/echo", "some body").readAnswer()).isEqualTo("200 some body");
            client.send(
                    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertThat(client.readAnswer()).isEqualTo("200 abcde");
            assertThat(client.post("/echo", "").readAnswer()).isEqualTo("200 ");
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws Exception {
        try (RawClient client = client()) {
            client.get("/wait").get("/hello").post("/echo", "x").get("/wait").get("/hello");
            HttpExchange first = waiting.poll(5, TimeUnit.SECONDS);
            assertThat(waiting).isEmpty();
            first.reply(HttpReply.text(200, "first"));
            HttpExchange second = waiting.poll(5, TimeUnit.SECONDS);
            second.reply(HttpReply.text(200, "second"));
            assertThat(List.of(
                            client.readAnswer(),
                            client.readAnswer(),
                            client.readAnswer(),
                            client.readAnswer(),
                            client.readAnswer()))
                    .containsExactly("200 first", "200 hello", "200 x", "200 second", "200 hello");
        }
    }

    @Test
    void answersManyPipelinedRequests() throws IOException {
        try (RawClient client = client()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                all.append("GET /tree/").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            client.send(all.toString());
            for (int i = 0; i < 500; i++) {
                assertThat(client.readAnswer()).isEqualTo("200 /tree/" + i);
            }
        }
    }

    @Test
    void refusesBeforeTheBodyIsRead() throws IOException {
        try (RawClient client = client()) {
            client.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
            assertThat(client.readAnswer()).startsWith("401 ");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void aRefusedRequestWithASmallBodyKeepsItsConnection() throws IOException {
        try (RawClient client = client()) {
            client.post("/refuse", "unread").get("/hello");
            assertThat(client.readAnswer()).startsWith("401 ");
            assertThat(client.readAnswer()).isEqualTo("200 hello");
            client.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nha");
            assertThat(client.readAnswer()).startsWith("401 ");
            assertThat(client.send("lf").get("/hello").readAnswer()).isEqualTo("200 hello");
        }
    }

    @Test
    void continuesOnlyWhereTheBodyIsWanted() throws IOException {
        try (RawClient client = client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
            client.send("ok");
            assertThat(client.readAnswer()).isEqualTo("200 ok");
            client.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readAnswer()).startsWith("401 ");
        }
    }

    @Test
    void refusesBodiesOverTheRoutesMaximumAlsoChunked() throws IOException {
        try (RawClient client = client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
            assertThat(client.readAnswer()).startsWith("413 ");
        }
        try (RawClient client = client()) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("3e8\r\n" + "x".repeat(1000) + "\r\n").send("1\r\ny\r\n");
            assertThat(client.readAnswer()).startsWith("413 ");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhelloGET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
                "\0GET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
                " GET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /hello HTTP/1.1\nHost: a\n\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked, identity\r\n\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /hello HTTP/1.1\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET http://a/hello HTTP/1.1\r\nHost: a\r\n\r\n"
            })
    void answersMalformedRequestsWith400AndNothingAfter(String request) throws IOException {
        try (RawClient client = client()) {
            String all = client.send(request).readToEnd();
            assertThat(all).startsWith("HTTP/1.1 400 ");
            assertThat(all.substring(9)).doesNotContain("HTTP/1.1");
        }
        assertAlive();
    }

    @Test
    void aMalformedRequestBehindAPendingOneWaitsForItsTurn() throws Exception {
        try (RawClient client = client()) {
            client.get("/wait").send("\0\0\0\0");
            HttpExchange first = waiting.poll(5, TimeUnit.SECONDS);
            first.reply(HttpReply.text(200, "first"));
            assertThat(client.readAnswer()).isEqualTo("200 first");
            assertThat(client.readAnswer()).startsWith("400 ");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void answersLongRequestLinesWith414AndManyHeadersWith431() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.get("/" + "x".repeat(64 * 1024)).readAnswer()).startsWith("414 ");
        }
        try (RawClient client = client()) {
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n" + "X-Header: value\r\n".repeat(5000) + "\r\n");
            assertThat(client.readAnswer()).startsWith("431 ");
        }
        assertAlive();
    }

    @Test
    void endsSlowRequestsByATotalDeadlineThatNoByteResets() throws IOException {
        port.close();
        AtomicLong nanos = new AtomicLong();
        port = start(HttpPort.builder().nanoClock(nanos::get).limits(MANY.withRequestTime(Duration.ofMillis(300))));
        try (RawClient silent = client();
                RawClient head = client();
                RawClient body = client()) {
            body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
            head.send("GET /hel");
            // a byte in each hundredth of a second: if one reset the deadline, it would never come
            await().pollInterval(Duration.ofMillis(5)).until(() -> {
                nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
                boolean takesMore = nanos.get() < TimeUnit.SECONDS.toNanos(9);
                boolean headEnded = hasAnswerOrTakes(head, takesMore ? "l" : "");
                boolean bodyEnded = hasAnswerOrTakes(body, takesMore ? "x" : "");
                return headEnded && bodyEnded && hasAnswer(silent);
            });
            assertThat(silent.readToEnd()).startsWith("HTTP/1.1 408 ");
            assertThat(head.readToEnd()).startsWith("HTTP/1.1 408 ");
            assertThat(body.readToEnd()).startsWith("HTTP/1.1 408 ");
        }
        await().until(() -> port.connections() == 0);
    }

    private static boolean hasAnswer(RawClient client) throws IOException {
        return client.socket().getInputStream().available() > 0;
    }

    private static boolean hasAnswerOrTakes(RawClient client, String more) throws IOException {
        if (hasAnswer(client)) {
            return true;
        }
        client.send(more);
        return false;
    }

    @Test
    void closesIdleConnectionsAfterTheKeepAliveTimeWithoutAWord() throws IOException {
        port.close();
        port = start(HttpPort.builder().limits(MANY.withKeepAliveTime(Duration.ofMillis(100))));
        try (RawClient client = client()) {
            assertThat(client.get("/hello").readAnswer()).isEqualTo("200 hello");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void aClientThatGoesIsNoticedAtOnceByHalfCloseAndByReset() throws Exception {
        RawClient half = client().get("/wait");
        RawClient reset = client().get("/wait");
        waiting.poll(5, TimeUnit.SECONDS);
        waiting.poll(5, TimeUnit.SECONDS);
        half.socket().shutdownOutput();
        reset.reset();
        await().until(() -> vanished.get() == 2 && port.connections() == 0);
        half.close();
    }

    @Test
    void aHandlerThatThrowsIsA500() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.get("/throw").readAnswer()).startsWith("500 ");
            assertThat(client.get("/hello").readAnswer()).isEqualTo("200 hello");
        }
    }

    @Test
    void honoursConnectionCloseAndHttp10() throws IOException {
        try (RawClient client = client()) {
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(client.readToEnd()).endsWith("hello");
        }
        try (RawClient client = client()) {
            client.send("GET /hello HTTP/1.0\r\n\r\n");
            assertThat(client.readToEnd()).endsWith("hello");
        }
    }

    @Test
    void limitsConnectionsOfOneAddress() throws IOException {
        port.close();
        port = start(HttpPort.builder().limits(HttpLimits.defaults().withMaxConnections(100, 2, 100)));
        try (RawClient first = client();
                RawClient second = client()) {
            assertThat(first.get("/hello").readAnswer()).isEqualTo("200 hello");
            assertThat(second.get("/hello").readAnswer()).isEqualTo("200 hello");
            try (RawClient third = client()) {
                assertThat(third.readToEnd()).startsWith("HTTP/1.1 503 ");
            }
        }
        await().until(() -> port.connections() == 0);
        assertAlive();
    }

    @Test
    void limitsNewConnectionsASecondOfOneAddress() throws IOException {
        port.close();
        AtomicLong nanos = new AtomicLong();
        port = start(HttpPort.builder()
                .nanoClock(nanos::get)
                .limits(HttpLimits.defaults().withMaxConnections(100, 100, 3)));
        for (int i = 0; i < 3; i++) {
            assertAlive();
        }
        try (RawClient fourth = client()) {
            assertThat(fourth.readToEnd()).startsWith("HTTP/1.1 503 ");
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertAlive();
    }

    @Test
    void foreignOriginsAreRefusedAndNeverReflected() throws IOException {
        try (RawClient client = client()) {
            client.send("GET /hello HTTP/1.1\r\nHost: a:3000\r\nOrigin: https://evil.example\r\n\r\n");
            String head = client.readHead();
            assertThat(head).startsWith("HTTP/1.1 403").doesNotContainIgnoringCase("access-control");
        }
        try (RawClient client = client()) {
            client.send("GET /hello HTTP/1.1\r\nHost: a:3000\r\nOrigin: https://a:3000\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("access-control");
        }
        try (RawClient client = client()) {
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\nOrigin: null\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void listedOriginsGetCredentialsAndAPreflightAnswer() throws IOException {
        port.close();
        port = start(HttpPort.builder().limits(MANY).origins(OriginPolicy.allowing(List.of("https://app.example"))));
        try (RawClient client = client()) {
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\n\r\n");
            assertThat(client.readHead())
                    .contains("access-control-allow-origin: https://app.example")
                    .contains("access-control-allow-credentials: true")
                    .containsIgnoringCase("vary: origin");
        }
        try (RawClient client = client()) {
            client.send("OPTIONS /hello HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\n"
                    + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n\r\n");
            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 204")
                    .contains("access-control-allow-headers: authorization");
        }
        port.close();
        port = start(HttpPort.builder().limits(MANY).origins(OriginPolicy.allowing(List.of("*"))));
        try (RawClient client = client()) {
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\nOrigin: https://any.example\r\n\r\n");
            assertThat(client.readHead())
                    .contains("access-control-allow-origin: *")
                    .doesNotContain("credentials");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = NetworkTransport.class,
            names = {"AUTO", "NIO"})
    void closeGivesBackThePortAndTheThreads(NetworkTransport transport) throws IOException {
        port.close();
        HttpPort first = start(HttpPort.builder().limits(MANY).transport(transport));
        int number = first.port();
        try (RawClient client = new RawClient(number)) {
            assertThat(client.get("/hello").readAnswer()).isEqualTo("200 hello");
            first.close();
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(first.loops()).allMatch(loop -> loop.eventLoop().isTerminated());
        port = HttpPort.builder()
                .host("127.0.0.1")
                .port(number)
                .build()
                .listen(HttpRoutes.builder().build());
        assertThatThrownBy(() -> HttpPort.builder()
                        .host("127.0.0.1")
                        .port(number)
                        .build()
                        .listen(HttpRoutes.builder().build()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("port " + number);
    }

    @Test
    void eventLoopsThatWereGivenAreLeftRunning() throws IOException {
        port.close();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        port = start(HttpPort.builder().limits(MANY).eventLoops(group));
        assertAlive();
        port.close();
        assertThat(group.isShuttingDown()).isFalse();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aStreamEndsWithItsConnection() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        port.close();
        port = HttpPort.builder()
                .host("127.0.0.1")
                .port(0)
                .limits(MANY)
                .build()
                .listen(HttpRoutes.builder()
                        .exact("/stream", exchange -> {
                            HttpStream stream = exchange.stream(
                                    HttpReply.of(200, "text/event-stream", "a".getBytes(StandardCharsets.UTF_8)), 1000);
                            stream.onClose(closed::countDown);
                            byte[] piece = "b".getBytes(StandardCharsets.UTF_8);
                            assertThat(stream.outbound().offer(piece)).isTrue();
                            assertThat(stream.outbound().offerShared(piece)).isTrue();
                            assertThat(stream.outbound().offerShared(piece)).isTrue();
                            assertThat(stream.outbound().offer(new byte[1000])).isFalse();
                            if (exchange.queryParameter("end") != null) {
                                stream.close();
                            }
                        })
                        .build());
        try (RawClient client = client()) {
            assertThat(client.get("/stream?end").readToEnd())
                    .contains("content-type: text/event-stream")
                    .endsWith("\r\n\r\nabbb");
        }
        assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
        RawClient leaving = client().get("/stream");
        leaving.readHead();
        leaving.reset();
        await().until(() -> port.connections() == 0);
    }

    @Test
    void refusesSettingsByNameValueAndExpectation() {
        assertThatThrownBy(() -> HttpPort.builder().port(70_000)).hasMessage("port: 70000 (expected: 0 to 65535)");
        assertThatThrownBy(() -> HttpLimits.defaults().withRequestTime(Duration.ofMillis(-1)))
                .hasMessage("requestTime: -1 ms (expected: > 0 ms)");
        assertThatThrownBy(() -> OriginPolicy.allowing(List.of("example.org")))
                .hasMessage("allowedOrigins: \"example.org\" (expected: scheme://host[:port] or *)");
    }

    private void assertAlive() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.get("/hello").readAnswer()).isEqualTo("200 hello");
        }
    }
}
