package io.notify.netty.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.notify.Audience;
import io.notify.Identity;
import io.notify.Lane;
import io.notify.Notification;
import io.notify.NotificationService;
import io.notify.netty.http.HttpPort;
import io.notify.netty.http.HttpRoutes;
import io.notify.netty.http.PortLoop;
import io.notify.netty.signin.SignIn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which streams the cleanup ends. */
@Timeout(60)
class SseCleanupTest {
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration CLEANUP = Duration.ofSeconds(3);
    /** So small that the peer's kernel soon takes no more. */
    private static final int RECEIVE_BUFFER = 4_096;

    private final AtomicLong nanos = new AtomicLong(1);
    private final NotificationService service = NotificationService.builder()
            .authenticator(token -> CompletableFuture.completedFuture(new Identity(token, Set.of(), null, null)))
            .build();
    private final HttpPort port = HttpPort.builder()
            .host("127.0.0.1")
            .port(0)
            .threads(1)
            .nanoClock(nanos::get)
            .build();
    private final PortLoop loop = port.loops().get(0);
    private final Socket client = new Socket();

    @BeforeEach
    void connect() throws IOException {
        Lane lane = service.gateway().lane(loop);
        SignIn signIn = new SignIn(service.gateway(), 100, Duration.ofSeconds(10), nanos::get);
        port.listen(HttpRoutes.builder()
                .exact(
                        "/sse",
                        new SseHandler(
                                service.gateway(),
                                signIn,
                                any -> lane,
                                () -> "stream",
                                new SseHandler.Settings(HEARTBEAT, CLEANUP, 64 << 20)))
                .build());
        client.setReceiveBufferSize(RECEIVE_BUFFER);
        client.connect(new InetSocketAddress("127.0.0.1", port.port()));
        client.getOutputStream()
                .write("GET /sse?token=ann HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        await().until(this::isConnected);
        // far more than the kernels of both take
        for (int i = 0; i < 400; i++) {
            service.send(Notification.builder(Audience.user("ann"), "note")
                    .data(Map.of("text", "x".repeat(60_000)))
                    .volatileDelivery()
                    .build());
        }
        await().until(() -> port.pendingBytes() > 0);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        port.close();
        service.close();
    }

    private boolean isConnected() {
        return service.presence().stats().connections() == 1;
    }

    /** One heartbeat later, and after what is done then. */
    private void beat() throws Exception {
        nanos.addAndGet(HEARTBEAT.toNanos());
        loop.eventLoop().schedule(() -> {}, 100, TimeUnit.MILLISECONDS).get();
    }

    private void readUntilSomeMoreIsTaken() throws IOException {
        long before = port.pendingBytes();
        byte[] buffer = new byte[64 * 1024];
        while (port.pendingBytes() >= before) {
            assertThat(client.getInputStream().read(buffer)).isPositive();
        }
    }

    @Test
    void aStreamThatTakesLittleAtATimeAndIsNeverEmptyIsKept() throws Exception {
        for (Duration time = Duration.ZERO; time.compareTo(CLEANUP.multipliedBy(2)) <= 0; time = time.plus(HEARTBEAT)) {
            readUntilSomeMoreIsTaken();
            beat();

            assertThat(port.pendingBytes()).isPositive();
            assertThat(isConnected()).as("after %s", time).isTrue();
        }
    }

    @Test
    void aStreamThatTakesNothingMoreIsEndedAfterTheCleanupInterval() throws Exception {
        readUntilSomeMoreIsTaken();
        long waiting;
        do {
            waiting = port.pendingBytes();
            beat(); // until the kernels are full again
        } while (port.pendingBytes() < waiting);

        beat();
        assertThat(isConnected()).isTrue();

        beat();
        beat();
        beat();
        assertThat(isConnected()).isFalse();
    }
}
