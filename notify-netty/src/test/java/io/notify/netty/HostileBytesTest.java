package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.notify.netty.http.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers send below the level of meaning: bytes, frames, requests and packets that are wrong, huge or slow. */
@Timeout(60)
class HostileBytesTest {
    private static final String ANN = TestServer.token("ann", "CUSTOMER");

    @RegisterExtension
    static final Target target = new Target(b -> b, b -> b);

    // ---- Socket.IO
    // -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "51832742252-[\"x\",{\"_placeholder\":true,\"num\":0}]",
                "511-[\"x\",{\"_placeholder\":true,\"num\":0}]",
                "599999999999999999999-[\"x\"]"
            })
    void moreThanTenAttachmentsCloseAndNothingIsAllocatedFromTheCount(String packet) throws IOException {
        RawClient client = target.socketIo(ANN);
        long before = allocatedByLoops();

        assertThat(Target.closing(client.text("4" + packet))).isEqualTo("close:1002");

        assertThat(allocatedByLoops() - before).isLessThan(1 << 20);
    }

    @Test
    void attachmentsTogetherAreNoLargerThanAMessage() throws IOException {
        RawClient client = target.socketIo(ANN);
        client.text("452-[\"echo\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        client.frame(0x82, new byte[60_000]).frame(0x82, new byte[60_000]);

        assertThat(Target.closing(client)).isEqualTo("close:1002");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"0\"", "-1", "1", "0.5", "1e9", "null", "4294967296", "{}"})
    void aPlaceholderOfNoAttachmentCloses(String num) throws IOException {
        RawClient client = target.socketIo(ANN);
        client.text("451-[\"echo\",{\"_placeholder\":true,\"num\":" + num + "}]");

        assertThat(Target.closing(client)).isEqualTo("close:1002");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2[{\"toString\":\"foo\"}]",
                "2[\"connect\"]",
                "2[\"disconnecting\"]",
                "0[]",
                "999",
                "51.23-",
                "2",
                "2[]",
                "2{}",
                "2\"x\"",
                "3[]",
                "4{\"message\":\"x\"}",
                "1[\"x\"]",
                "2/nowhere,[\"x\"]",
                "2[\"x\"",
                "21234567890123456[\"x\"]"
            })
    void aMalformedPacketCloses(String packet) throws IOException {
        assertThat(Target.closing(target.socketIo(ANN).text("4" + packet))).isEqualTo("close:1002");
    }

    @Test
    void connectingAgainAndAgainOnOneTransportCloses() throws IOException {
        RawClient client = target.engine();
        for (int i = 0; i < 51; i++) {
            client.text("40/nowhere-" + i + ",{}");
        }

        assertThat(Target.closing(client)).isEqualTo("close:1002");
    }

    // ---- Engine.IO
    // -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "transport=__proto__,0",
        "transport=constructor,0",
        "'',0",
        "transport=polling&transport=websocket,3",
        "transport=polling&sid=AAAAAAAAAAAAAAAAAAAAAAAA,1",
        "transport=polling&sid=__proto__,1"
    })
    void anUnknownTransportOrSidIs400WithItsCode(String query, int code) throws IOException {
        String answer = target.client().get("/socket.io/?EIO=4&" + query).readAnswer();

        assertThat(answer).startsWith("400 {\"code\":" + code + ",");
    }

    @Test
    void aForeignSidJsonpAndAGoodbyeOfNobodyAre400() throws IOException {
        assertThat(target.client()
                        .get("/socket.io/?EIO=4&transport=polling&j=abc")
                        .readAnswer())
                .startsWith("400 ");
        assertThat(target.client()
                        .get("/socket.io/?EIO=4&transport=polling&j=0&sid=x")
                        .readAnswer())
                .startsWith("400 ");
        assertThat(target.client()
                        .post("/socket.io/?EIO=4&transport=polling&sid=nobodys", "1")
                        .readAnswer())
                .startsWith("400 {\"code\":1,");
        assertThat(target.client().upgrade("/socket.io/?EIO=4&transport=websocket&sid=nobodys"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aBrokenUpgradeThenAResetLeavesNothingBehind() throws IOException {
        for (String last : List.of("2probe", "5", "nonsense", "")) {
            RawClient client = target.client();
            client.upgrade(target.polling().replace("polling", "websocket"));
            client.text(last).reset();
        }
        RawClient half = target.client();
        half.send("GET " + target.polling().replace("polling", "websocket")
                + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-Web");
        half.reset();
        // that nothing is left is what the target looks at
    }

    @Test
    void anOctetStreamIs400AndEndsTheSession() throws IOException {
        String session = target.polling();
        RawClient client = target.client();
        client.send("POST " + session
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 1\r\n\r\n1");

        assertThat(client.readAnswer()).startsWith("400 ");
        assertThat(target.client().get(session).readAnswer()).startsWith("400 {\"code\":1,");
    }

    @Test
    void overlappingPollsAre400AndEndTheSession() throws IOException {
        String session = target.polling();
        RawClient first = target.client().get(session);
        RawClient second = target.client();

        // whichever of the two came second is refused
        assertThat(List.of(second.get(session).readAnswer(), first.readAnswer()))
                .anyMatch(a -> a.startsWith("400 "));
        assertThat(target.client().get(session).readAnswer()).startsWith("400 {\"code\":1,");
    }

    @Test
    void aBodyOverTheMaximumIs413AlsoChunkedAndALargeMessageCloses1009() throws IOException {
        RawClient whole = target.client();
        whole.send("POST " + target.polling() + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n");
        assertThat(whole.readAnswer()).startsWith("413 ");

        RawClient chunked = target.client();
        chunked.send("POST " + target.polling() + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 26; i++) {
            chunked.send("1000\r\n" + "4".repeat(0x1000) + "\r\n");
        }
        assertThat(chunked.readAnswer()).startsWith("413 ");

        for (RawClient socket : List.of(target.socketIo(ANN), target.plain(ANN))) {
            socket.frame(0x81, new byte[Target.MAX_PAYLOAD + 1]);
            assertThat(Target.closing(socket)).isEqualTo("close:1009");
        }
    }

    // ---- WebSocket
    // -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"c1,1002", "a1,1002", "91,1002", "83,1002", "8b,1002", "80,1002", "09,1002"})
    void reservedBitsAndOpcodesClose1002(String firstByte, int code) throws IOException {
        for (RawClient socket : List.of(target.socketIo(ANN), target.plain(ANN))) {
            socket.frame(Integer.parseInt(firstByte, 16), bytes("x"));
            assertThat(Target.closing(socket)).isEqualTo("close:" + code);
        }
    }

    @Test
    void unmaskedFramesAndLongControlFramesClose1002AndBadUtf8Closes1007() throws IOException {
        for (boolean plain : new boolean[] {false, true}) {
            RawClient unmasked = plain ? target.plain(ANN) : target.socketIo(ANN);
            assertThat(Target.closing(unmasked.send(new byte[] {(byte) 0x81, 1, '2'})))
                    .isEqualTo("close:1002");
            RawClient control = plain ? target.plain(ANN) : target.socketIo(ANN);
            assertThat(Target.closing(control.frame(0x89, new byte[126]))).isEqualTo("close:1002");
            RawClient text = plain ? target.plain(ANN) : target.socketIo(ANN);
            assertThat(Target.closing(text.frame(0x81, new byte[] {'4', (byte) 0xc3, 0x28})))
                    .isEqualTo("close:1007");
        }
    }

    @Test
    void aMillionEmptyFragmentsCloseAtThe129th() throws IOException {
        RawClient client = target.plain(ANN);
        byte[] thousand = new byte[6_000];
        for (int i = 0; i < thousand.length; i += 6) {
            thousand[i + 1] = (byte) 0x80;
        }
        client.frame(0x01, new byte[0]);
        try {
            for (int i = 0; i < 1_000; i++) {
                client.send(thousand);
            }
        } catch (IOException cutOff) {
            // which is an answer as well
        }

        assertThat(Target.closing(client)).isIn("close:1008", "end");
    }

    @Test
    void aMessageHasATotalTimeThatNoFragmentResets() throws Exception {
        RawClient client = target.plain(ANN);
        client.frame(0x01, bytes("{"));
        for (int i = 0; i < 6; i++) {
            Thread.sleep(Target.REQUEST_TIMEOUT.toMillis() / 5);
            client.frame(0x00, bytes(" "));
        }

        assertThat(Target.closing(client)).isEqualTo("close:1008");
    }

    @Test
    void aControlFrameThatComesInPiecesIsNoMessageThatTakesTooLong() throws Exception {
        RawClient client = target.plain(ANN);
        client.send(new byte[] {(byte) 0x89});
        client.send(new byte[] {(byte) 0x80, 0, 0, 0, 0});
        assertThat(client.readFrame()).isEqualTo("pong:");

        String next = client.readFrame();
        assertThat(next).isEqualTo("ping:");
        client.frame(0x8a, new byte[0]).text("{\"event\":\"echo\",\"data\":1,\"ack\":1}");
        assertThat(client.readFrame()).contains("\"ack\":1");
    }

    @Test
    void compressionIsNotOfferedAndNothingIsInflated() throws Exception {
        RawClient client = target.client();
        String head = upgrade(client, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
        assertThat(head).startsWith("HTTP/1.1 101 ").doesNotContainIgnoringCase("extensions");
        client.readFrame();
        assertThat(Target.closing(client.frame(0xc1, deflated(50_000_000)))).isEqualTo("close:1002");

        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[20_000_000]);
        }
        RawClient post = target.client();
        post.send("POST /notifications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + TestServer.token("shop", "SERVICE") + "\r\nContent-Encoding: gzip\r\nContent-Length: "
                        + bomb.size() + "\r\n\r\n")
                .send(bomb.toByteArray());
        assertThat(post.readAnswer()).startsWith("400 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Protocol: a#b\r\n",
                "Sec-WebSocket-Protocol: ,,,,,\r\nSec-WebSocket-Protocol: b\r\n",
                "Sec-WebSocket-Extensions: permessage-deflate; x=\"\\\r\n",
                "Sec-WebSocket-Extensions: ;;;,,,===\r\n"
            })
    void oddProtocolsAndExtensionsAreIgnored(String headers) throws IOException {
        assertThat(upgrade(target.client(), headers))
                .startsWith("HTTP/1.1 101 ")
                .doesNotContainIgnoringCase("sec-websocket-protocol")
                .doesNotContainIgnoringCase("sec-websocket-extensions");
    }

    @Test
    void longProtocolsAndExtensionsTakeLinearTime() throws IOException {
        long before = loopCpuNanos();
        for (String value : List.of("a" + " ".repeat(12_000) + "b", "x=\"" + "\\".repeat(12_000), ",".repeat(12_000))) {
            assertThat(upgrade(
                            target.client(),
                            "Sec-WebSocket-Extensions: " + value + "\r\nSec-WebSocket-Protocol: "
                                    + value.substring(0, 2_000) + "\r\n"))
                    .startsWith("HTTP/1.1 101 ");
        }
        assertThat(loopCpuNanos() - before).isLessThan(Duration.ofSeconds(1).toNanos());
    }

    private static String upgrade(RawClient client, String headers) throws IOException {
        client.send("GET /ws/notifications?token=" + ANN + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n" + headers + "\r\n");
        return client.readHead();
    }

    // ---- HTTP
    // ------------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 6\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n 3\r\nabc\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100000003\r\nabc\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x\nabc\r\n0\r\n\r\n",
                "\0GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\u001bGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u001b[2J HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u009b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\r\n\r\n",
                "GET\r\n\r\n"
            })
    void whatTwoServersCouldReadDifferentlyIs400AndClosesBeforeASecondRequest(String request) throws IOException {
        RawClient client = target.client();
        String toReader = request.replace(
                "POST / HTTP/1.1\r\n",
                "POST /notifications HTTP/1.1\r\nAuthorization: Bearer " + TestServer.token("shop", "SERVICE")
                        + "\r\n");
        String all = client.send(toReader + "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
                .readToEnd();

        assertThat(all).startsWith("HTTP/1.1 400 ");
        assertThat(all.substring(9)).doesNotContain("HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/9.9"})
    void otherVersionsAreRefused(String version) throws IOException {
        String all = target.client()
                .send("GET /health/live " + version + "\r\nHost: a\r\n\r\n")
                .readToEnd();

        assertThat(all).matches("(?s)HTTP/1.1 (400|505) .*").doesNotContain("\"up\"");
    }

    @Test
    void thousandsOfHeadersAre431AndALongTargetIs414() throws IOException {
        RawClient headers = target.client();
        headers.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(5_000) + "\r\n");
        assertThat(headers.readAnswer()).startsWith("431 ");
        RawClient one = target.client();
        one.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(64 * 1024) + "\r\n\r\n");
        assertThat(one.readAnswer()).startsWith("431 ");
        RawClient trailers = target.client();
        trailers.send("POST /notifications HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                + TestServer.token("shop", "SERVICE")
                + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + "X: y\r\n".repeat(5_000) + "\r\n");
        assertThat(trailers.readAnswer()).startsWith("4");

        assertThat(target.client().get("/" + "x".repeat(64 * 1024)).readAnswer())
                .startsWith("414 ");
    }

    @Test
    void headBodyAndSilenceHaveATotalTimeThatNoByteResets() throws Exception {
        RawClient silent = target.client();
        RawClient head = target.client().send("GET /hea");
        RawClient blank = target.client().send("\r\n");
        RawClient body =
                target.client().send("POST " + target.polling() + " HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n");
        for (int i = 0; i < 6; i++) {
            Thread.sleep(Target.REQUEST_TIMEOUT.toMillis() / 5);
            try {
                head.send("l");
                blank.send("\r\n");
                body.send("4");
            } catch (IOException cutOff) {
                // the answers tell
            }
        }

        for (RawClient client : List.of(silent, head, blank, body)) {
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void aClientThatAsksAndNeverReadsIsNotAnsweredWithoutEnd() throws Exception {
        RawClient client = target.client();
        client.socket().setReceiveBufferSize(4_096);
        byte[] requests = bytes("GET /health HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1_000));
        Thread writer = new Thread(() -> {
            try {
                for (int i = 0; i < 2_000; i++) {
                    client.send(requests);
                }
            } catch (IOException cutOff) {
                // what the test waits for
            }
        });
        writer.start();
        writer.join(Duration.ofSeconds(20).toMillis());

        // two million answers are half a gigabyte; it was held up, and cut off when it had read nothing for long enough
        assertThat(writer.isAlive()).isFalse();
        assertThat(client.readToEnd().split("HTTP/1.1 200", -1)).hasSizeLessThan(100_000);
    }

    @Test
    void halfCloseThenResetIsFreedAtOnceWithoutABusyLoop() throws Exception {
        RawClient poll = target.client().get(target.polling());
        RawClient stream = target.client().get("/notifications/sse?token=" + ANN);
        stream.readHead();
        RawClient pipelining = target.client();
        String session = Target.polling(pipelining);
        for (int i = 0; i < 100; i++) {
            pipelining.get(session);
        }
        List<RawClient> all =
                List.of(poll, stream, pipelining, target.socketIo(ANN), target.plain(ANN), target.client());
        for (RawClient client : all) {
            client.socket().shutdownOutput();
        }
        for (RawClient client : all) {
            client.reset();
        }

        await().atMost(Duration.ofSeconds(1))
                .until(() -> target.server().server.connections() <= 3); // the bystander, and two that opened sessions
        long before = loopCpuNanos();
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        assertThat(loopCpuNanos() - before).isLessThan(Duration.ofMillis(250).toNanos());
    }

    @Test
    void aConnectionThatWasAnsweredAndGoesOnSendingIsClosed() throws IOException {
        RawClient client = target.client();
        client.send("POST /notifications HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
        assertThat(client.readAnswer()).startsWith("401 ");
        try {
            for (int i = 0; i < 10_000; i++) {
                client.send(new byte[10_000]);
            }
        } catch (IOException cutOff) {
            return;
        }
        assertThat(client.readToEnd()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../etc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/%252e%252e/etc/passwd",
                "/..%2f..%2fetc/passwd",
                "/..%5c..%5cetc",
                "/notifications/../admin/notifications/logs",
                "/notifications/%2e%2e/admin/notifications/logs",
                "//admin/notifications/logs",
                "/admin//notifications/logs",
                "/admin/notifications/logs/",
                "/admin/notifications/logs;x=1",
                "/admin/notifications/logs%00",
                "/admin/notifications/%6cogs",
                "/ADMIN/notifications/logs",
                "//evil.example/",
                "/\\evil.example/",
                "/notifications/sse/../../health",
                "/notifications/%2e%2e/read"
            })
    void aPathIsTakenAsItIsWritten(String path) throws IOException {
        RawClient client = target.client();
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + TestServer.token("root", "ADMIN")
                + "\r\n\r\n");

        assertThat(client.readHead()).matches("(?s)HTTP/1.1 40[045] .*").doesNotContainIgnoringCase("location:");
    }

    // ---- what is measured
    // ------------------------------------------------------------------------------------------------

    private static long loopCpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(loopThreads()).map(threads::getThreadCpuTime).sum();
    }

    private static long allocatedByLoops() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(loopThreads())).sum();
    }

    private static long[] loopThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("notify-io"))
                .mapToLong(Thread::getId)
                .toArray();
    }

    private static byte[] deflated(int zeros) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(new byte[zeros]);
        deflater.finish();
        byte[] out = new byte[90_000];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
