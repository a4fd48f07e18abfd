package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DrainTest {
    private static final int CLIENTS = 40;
    private static final int GOING_AWAY = 1001;

    private record Goodbye(int code, long nanos) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<Goodbye> goodbyes = new ConcurrentLinkedQueue<>();

    private void connect(TestServer server) {
        http.newWebSocketBuilder()
                .buildAsync(
                        URI.create(server.url().replace("http", "ws") + "/ws/notifications?token="
                                + TestServer.token("ann", "CUSTOMER")),
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                                goodbyes.add(new Goodbye(code, System.nanoTime()));
                                return null;
                            }
                        })
                .join();
    }

    @Test
    void everybodyIsSentElsewhereEvenlyAndNobodyIsLetIn() {
        try (TestServer server = new TestServer()) {
            for (int i = 0; i < CLIENTS; i++) {
                connect(server);
            }
            await().until(() -> server.service.presence().stats().connections() == CLIENTS);

            server.server.drain(Duration.ofSeconds(2));

            await().until(() -> goodbyes.size() == CLIENTS);
            assertThat(goodbyes).extracting(Goodbye::code).containsOnly(GOING_AWAY);
            List<Long> times = goodbyes.stream().map(Goodbye::nanos).sorted().toList();
            Duration spread = Duration.ofNanos(times.get(CLIENTS - 1) - times.get(0));
            assertThat(spread).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
            await().until(() -> server.service.presence().stats().connections() == 0);
            assertThatThrownBy(() -> connect(server)).hasCauseInstanceOf(ConnectException.class);
        }
    }

    @Test
    void whereNobodyIsThereIsNothingToWaitFor() {
        try (TestServer server = new TestServer()) {
            server.server.drain(Duration.ofHours(1));
        }
    }

    @Test
    void closingEndsIt() {
        TestServer server = new TestServer();
        for (int i = 0; i < CLIENTS; i++) {
            connect(server);
        }
        CompletableFuture<Void> draining = CompletableFuture.runAsync(() -> server.server.drain(Duration.ofHours(1)));
        await().until(() -> !goodbyes.isEmpty());
        server.close();
        draining.join();
        await().until(() -> goodbyes.size() == CLIENTS);
    }
}
