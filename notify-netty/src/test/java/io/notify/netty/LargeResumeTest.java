package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.notify.Audience;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who missed more than may wait for a connection gets it on the connection it comes back with. */
@Timeout(60)
class LargeResumeTest {
    private static final int MISSED = 300;
    private static final int BYTES = 20_000;

    private final TestServer server = new TestServer(b -> b, b -> b.maxPendingBytes(256 * 1024));
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Integer> shown = new CopyOnWriteArrayList<>();
    private final AtomicInteger ends = new AtomicInteger();

    @AfterEach
    void close() {
        server.close();
    }

    /** Where the log stands before what will be missed. */
    private String missMuch() {
        var before = server.service
                .send(Audience.user("ann"), "note", Map.of("i", -1))
                .position();
        for (int i = 0; i < MISSED; i++) {
            server.service.send(Audience.user("ann"), "note", Map.of("i", i, "text", "x".repeat(BYTES)));
        }
        return String.valueOf(before);
    }

    private void show(String text) {
        int at = text.indexOf("\"i\":");
        if (at > 0) {
            shown.add(Integer.parseInt(text.substring(at + 4).split("[,}]", 2)[0]));
        }
    }

    private void everythingIsShownOnce() {
        await().until(() -> shown.size() >= MISSED || ends.get() > 0);
        server.service.send(Audience.user("ann"), "note", Map.of("i", MISSED));
        await().until(() -> shown.size() > MISSED || ends.get() > 0);
        assertThat(ends).hasValue(0);
        assertThat(shown).isEqualTo(IntStream.rangeClosed(0, MISSED).boxed().toList());
    }

    @Test
    void overAWebSocket() {
        String since = missMuch();
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(
                        URI.create(server.url().replace("http", "ws") + "/ws/notifications?since=" + since + "&token="
                                + TestServer.token("ann", "CUSTOMER")),
                        new WebSocket.Listener() {
                            private final StringBuilder text = new StringBuilder();

                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                                text.append(data);
                                if (last) {
                                    show(text.toString());
                                    text.setLength(0);
                                }
                                from.request(1);
                                return null;
                            }

                            @Override
                            public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                                ends.incrementAndGet();
                                return null;
                            }
                        })
                .join();
        everythingIsShownOnce();
        socket.abort();
    }

    @Test
    void overAnEventStream() {
        String since = missMuch();
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/notifications/sse?lastEventId=" + since
                        + "&token=" + TestServer.token("ann", "CUSTOMER")))
                .build();
        var stream = http.sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                .thenAccept(answer -> {
                    answer.body().filter(line -> line.startsWith("data: ")).forEach(this::show);
                    ends.incrementAndGet();
                });
        everythingIsShownOnce();
        server.close();
        stream.exceptionally(failure -> null).join();
    }
}
