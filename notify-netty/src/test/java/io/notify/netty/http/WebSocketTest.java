package io.notify.netty.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebSocketTest {
    private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> onTargetLoop = new LinkedBlockingQueue<>();
    private final AtomicLong nanos = new AtomicLong();
    private HttpPort port;

    @BeforeEach
    void start() {
        port = HttpPort.builder()
                .host("127.0.0.1")
                .port(0)
                .threads(2)
                .nanoClock(nanos::get)
                .limits(HttpLimits.defaults().withMaxConnections(1000, 1000, 1000))
                .build();
        PortLoop home = port.loops().get(0);
        WebSocketLimits limits = new WebSocketLimits(100_000, 128, Duration.ofMillis(500), 1 << 20);
        port.listen(HttpRoutes.builder()
                .exact("/here", exchange -> exchange.acceptWebSocket(limits, exchange.loop(), this::echo))
                .exact(
                        "/home",
                        exchange -> exchange.acceptWebSocket(limits, home, socket -> {
                            onTargetLoop.add(home.inLoop() && socket.loop() == home);
                            return echo(socket);
                        }))
                .build());
    }

    @AfterEach
    void stop() {
        port.close();
    }

    private WebSocketListener echo(WebSocket socket) {
        return new WebSocketListener() {
            @Override
            public void onText(String text) {
                if (text.equals("close")) {
                    socket.close(WebSocket.GOING_AWAY, "asked for");
                    return;
                }
                socket.outbound().offer(WebSocketFrames.text(text.getBytes(StandardCharsets.UTF_8)));
            }

            @Override
            public void onBinary(byte[] bytes) {
                socket.outbound().offerShared(WebSocketFrames.binary(bytes));
            }

            @Override
            public void onClose(int code) {
                closed.add(code);
            }
        };
    }

    private RawClient open(String path) throws IOException {
        RawClient client = new RawClient(port.port());
        assertThat(client.upgrade(path))
                .startsWith("HTTP/1.1 101 ")
                .contains("sec-websocket-accept: BACScCJPNqyz+UBoqMH89VmURoA=");
        return client;
    }

    @Test
    void echoesMessagesOfEverySizeOfHeader() throws IOException {
        try (RawClient client = open("/here")) {
            for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536}) {
                String text = "x".repeat(length);
                assertThat(client.text(text).readFrame()).isEqualTo("text:" + text);
                assertThat(client.frame(0x82, text.getBytes(StandardCharsets.UTF_8))
                                .readFrame())
                        .isEqualTo("binary:" + text);
            }
            assertThat(client.text("\uFFFD\uD83D\uDE00").readFrame()).isEqualTo("text:\uFFFD\uD83D\uDE00");
        }
    }

    @Test
    void movesTheConnectionToTheLoopAskedFor() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (RawClient client = open("/home")) {
                assertThat(onTargetLoop.poll(5, TimeUnit.SECONDS)).isTrue();
                assertThat(client.text("a").text("b").readFrame()).isEqualTo("text:a");
                assertThat(client.readFrame()).isEqualTo("text:b");
            }
        }
    }

    @Test
    void joinsFragmentsAroundAPing() throws IOException {
        try (RawClient client = open("/here")) {
            client.frame(0x01, bytes("Gr\u00fc")).frame(0x89, bytes("hi")).frame(0x80, bytes("\u00dfe"));
            assertThat(client.readFrame()).isEqualTo("pong:hi");
            assertThat(client.readFrame()).isEqualTo("text:Gr\u00fc\u00dfe");
        }
    }

    @Test
    void bothSidesCanClose() throws Exception {
        try (RawClient client = open("/here")) {
            client.frame(0x88, new byte[] {0x03, (byte) 0xe8});
            assertThat(client.readFrame()).isEqualTo("close:1000");
            assertThat(client.readFrame()).isEqualTo("end");
            assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(1000);
        }
        try (RawClient client = open("/here")) {
            assertThat(client.text("close").readFrame()).isEqualTo("close:1001");
            assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(1001);
            client.frame(0x88, new byte[] {0x03, (byte) 0xe9});
            assertThat(client.readFrame()).isEqualTo("end");
        }
        open("/here").reset();
        assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(1006);
        await().until(() -> port.connections() == 0);
    }

    @Test
    void aPeerThatDoesNotAgreeToCloseIsDropped() throws Exception {
        try (RawClient client = open("/here")) {
            assertThat(client.text("close").readFrame()).isEqualTo("close:1001");
            await().pollInterval(Duration.ofMillis(5)).until(() -> {
                nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
                return port.connections() == 0;
            });
            assertThat(client.readFrame()).isEqualTo("end");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0xc1, 0xa1, 0x91, 0x83, 0x8b, 0x80, 0x09})
    void reservedBitsAndOpcodesAndStrayFragmentsClose1002(int firstByte) throws IOException {
        try (RawClient client = open("/here")) {
            assertThat(client.frame(firstByte, bytes("x")).readFrame()).isEqualTo("close:1002");
        }
    }

    @Test
    void unmaskedFramesAndLongControlFramesClose1002() throws IOException {
        try (RawClient client = open("/here")) {
            assertThat(client.send(new byte[] {(byte) 0x81, 1, 'x'}).readFrame())
                    .isEqualTo("close:1002");
        }
        try (RawClient client = open("/here")) {
            assertThat(client.frame(0x89, new byte[126]).readFrame()).isEqualTo("close:1002");
        }
    }

    @Test
    void textThatIsNotUtf8Closes1007() throws IOException {
        try (RawClient client = open("/here")) {
            assertThat(client.frame(0x81, new byte[] {(byte) 0xc3, 0x28}).readFrame())
                    .isEqualTo("close:1007");
        }
        try (RawClient client = open("/here")) {
            // A surrogate by itself, in UTF-8 clothes.
            assertThat(client.frame(0x81, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})
                            .readFrame())
                    .isEqualTo("close:1007");
        }
    }

    @Test
    void tooLargeMessagesClose1009WholeOrInFragments() throws IOException {
        try (RawClient client = open("/here")) {
            // Only the header: nothing is allocated for what is claimed.
            client.send(new byte[] {(byte) 0x82, (byte) 0xff, 0, 0, 0, 0, 0x7f, 0, 0, 0, 1, 2, 3, 4});
            assertThat(client.readFrame()).isEqualTo("close:1009");
        }
        try (RawClient client = open("/here")) {
            client.frame(0x02, new byte[60_000]).frame(0x80, new byte[60_000]);
            assertThat(client.readFrame()).isEqualTo("close:1009");
        }
    }

    @Test
    void moreThan128FragmentsClose1008() throws IOException {
        try (RawClient client = open("/here")) {
            client.frame(0x01, bytes(""));
            for (int i = 0; i < 128; i++) {
                client.frame(0x00, bytes(""));
            }
            assertThat(client.readFrame()).isEqualTo("close:1008");
        }
    }

    /** Lets time go on in steps, as nobody knows when the server has seen the beginning of the message. */
    private void passUntilAnswered(RawClient client) {
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            return client.socket().getInputStream().available() > 0;
        });
    }

    @Test
    void aMessageThatTakesTooLongCloses1008() throws IOException {
        try (RawClient client = open("/here")) {
            client.frame(0x01, bytes("never ends"));
            passUntilAnswered(client);
            assertThat(client.readFrame()).isEqualTo("close:1008");
        }
        try (RawClient client = open("/here")) {
            client.send(new byte[] {(byte) 0x81, (byte) 0xfe, 0x10, 0, 1, 2, 3, 4, 'x', 'y'});
            passUntilAnswered(client);
            assertThat(client.readFrame()).isEqualTo("close:1008");
        }
    }

    @Test
    void oddExtensionsAndProtocolsAreIgnored() throws IOException {
        try (RawClient client = new RawClient(port.port())) {
            client.send("GET /here HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
                    + "Sec-WebSocket-Protocol: a" + " ".repeat(3000) + "b,,,\r\n"
                    + "Sec-WebSocket-Extensions: permessage-deflate; x=\"" + "\\".repeat(3000) + "\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ").doesNotContainIgnoringCase("extensions");
            assertThat(client.text("a").readFrame()).isEqualTo("text:a");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /here HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /here HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
                "POST /here HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nContent-Length: 0\r\n\r\n",
                "GET /here HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n",
                "GET /here HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n",
                "GET /home HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n"
            })
    void badHandshakesAreAnsweredAndLeaveNothingBehind(String request) throws IOException {
        try (RawClient client = new RawClient(port.port())) {
            assertThat(client.send(request).readAnswer()).matches("(?s)4(00|26) .*");
            client.reset();
        }
        await().until(() -> port.connections() == 0);
        assertThat(closed).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
