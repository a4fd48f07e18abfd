package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.util.ResourceLeakDetector;
import io.notify.PresenceStats;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Ten thousand connections of every kind come and go, well and badly; of none is anything left. */
class ChurnTest {
    private static final int ROUNDS = 1_000;
    private static final int WARM_UP = 200;
    private static final long HEAP_SLACK_BYTES = 12L << 20;

    private final String token = TestServer.token("churn", "CUSTOMER");
    private int port;

    /** One way to come and go. */
    private interface Kind {
        void run() throws IOException;
    }

    @Test
    @Timeout(240)
    void nothingIsLeftOfTenThousandConnections() throws IOException {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        ListAppender<ILoggingEvent> leaks = watchForLeaks();
        try (TestServer server = new TestServer(b -> b, b -> b.ping(Duration.ofMillis(400), Duration.ofMillis(300)))) {
            port = server.server.port();
            List<Kind> kinds = List.of(
                    this::connectedAndReset,
                    this::refusedBySocketIo,
                    this::pollingAbandoned,
                    this::pollingClosed,
                    this::upgradeBroken,
                    this::plainAndReset,
                    this::plainRefused,
                    this::streamAndReset,
                    this::streamRefused,
                    this::silentOrGarbage);
            churn(kinds, WARM_UP);
            settle(server);
            long before = usedHeap();

            churn(kinds, ROUNDS - WARM_UP);
            settle(server);

            assertThat(usedHeap()).isLessThan(before + HEAP_SLACK_BYTES);
        }
        System.gc();
        assertThat(leaks.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }

    private static void churn(List<Kind> kinds, int rounds) throws IOException {
        for (int i = 0; i < rounds; i++) {
            for (Kind kind : kinds) {
                kind.run();
            }
        }
    }

    private static void settle(TestServer server) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            PresenceStats stats = server.service.presence().stats();
            assertThat(stats.connections()).isZero();
            assertThat(stats.sessions()).isZero();
            assertThat(stats.onlineUsers()).isZero();
            assertThat(stats.usersByRole()).isEmpty();
            assertThat(server.service.health().rooms()).isZero();
            assertThat(server.server.connections()).isZero();
            assertThat(server.server.socketIoSessions()).isZero();
            assertThat(server.server.deadlines()).isZero();
        });
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static ListAppender<ILoggingEvent> watchForLeaks() {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(appender);
        return appender;
    }

    // ---- the kinds
    // ------------------------------------------------------------------------------------------------------

    private void connectedAndReset() throws IOException {
        try (Socket socket = open()) {
            upgrade(socket, "/socket.io/?EIO=4&transport=websocket");
            awaitText(socket, "0{");
            sendFrame(socket, "40{\"token\":\"" + token + "\"}");
            awaitText(socket, "connected");
            reset(socket);
        }
    }

    private void refusedBySocketIo() throws IOException {
        try (Socket socket = open()) {
            upgrade(socket, "/socket.io/?EIO=4&transport=websocket");
            awaitText(socket, "0{");
            sendFrame(socket, "40{\"token\":\"no\"}");
            awaitText(socket, "UNAUTHORIZED");
        }
    }

    private void pollingAbandoned() throws IOException {
        openPolling();
    }

    private void pollingClosed() throws IOException {
        String sid = openPolling();
        try (Socket socket = open()) {
            post(socket, sid, "40{\"token\":\"" + token + "\"}\u001e1");
            awaitText(socket, "200");
        }
    }

    private void upgradeBroken() throws IOException {
        String sid = openPolling();
        try (Socket socket = open()) {
            upgrade(socket, "/socket.io/?EIO=4&transport=websocket&sid=" + sid);
            awaitText(socket, "101");
            sendFrame(socket, "2probe");
            reset(socket);
        }
    }

    private void plainAndReset() throws IOException {
        try (Socket socket = open()) {
            upgrade(socket, "/ws/notifications?token=" + token);
            awaitText(socket, "connected");
            reset(socket);
        }
    }

    private void plainRefused() throws IOException {
        try (Socket socket = open()) {
            upgrade(socket, "/ws/notifications?token=no");
            awaitText(socket, "401");
        }
    }

    private void streamAndReset() throws IOException {
        try (Socket socket = open()) {
            write(socket, "GET /notifications/sse?token=" + token + " HTTP/1.1\r\nHost: x\r\n\r\n");
            awaitText(socket, "connected");
            reset(socket);
        }
    }

    private void streamRefused() throws IOException {
        try (Socket socket = open()) {
            write(socket, "GET /notifications/sse HTTP/1.1\r\nHost: x\r\n\r\n");
            awaitText(socket, "401");
        }
    }

    private void silentOrGarbage() throws IOException {
        try (Socket socket = open()) {
            reset(socket);
        }
        try (Socket socket = open()) {
            write(socket, "\u0000garbage\r\n\r\n");
            awaitText(socket, "400");
        }
    }

    // ---- a client of nothing but bytes
    // ------------------------------------------------------------------------------------

    private Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private String openPolling() throws IOException {
        try (Socket socket = open()) {
            write(socket, "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n");
            String text = awaitText(socket, "\"}", "maxPayload");
            int from = text.indexOf("\"sid\":\"") + 7;
            return text.substring(from, text.indexOf('"', from));
        }
    }

    private static void post(Socket socket, String sid, String body) throws IOException {
        write(
                socket,
                "POST /socket.io/?EIO=4&transport=polling&sid=" + sid + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                        + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
    }

    private static void upgrade(Socket socket, String path) throws IOException {
        write(
                socket,
                "GET " + path + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    }

    private static void sendFrame(Socket socket, String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        int header = payload.length < 126 ? 2 : 4;
        byte[] frame = new byte[header + 4 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | (header == 2 ? payload.length : 126));
        if (header == 4) {
            frame[2] = (byte) (payload.length >> 8);
            frame[3] = (byte) payload.length;
        }
        // the mask is four zeros: masked, and readable
        System.arraycopy(payload, 0, frame, header + 4, payload.length);
        socket.getOutputStream().write(frame);
    }

    private static String awaitText(Socket socket, String... wanted) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder seen = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!List.of(wanted).stream().anyMatch(w -> seen.indexOf(w) >= 0)) {
            int read = in.read(buffer);
            assertThat(read).as("%s within %s", List.of(wanted), seen).isPositive();
            seen.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        }
        return seen.toString();
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
