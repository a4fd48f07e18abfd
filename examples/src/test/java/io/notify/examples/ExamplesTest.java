package io.notify.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.notify.jwt.JwtIssuer;
import io.notify.netty.socketio.SocketIoServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each example as its Javadoc says. */
class ExamplesTest {
    private static final String SECRET = "a-secret-of-at-least-thirty-two-bytes";

    @Test
    void anEmbeddedServerSendsFromJavaAndOverHttp(@TempDir Path folder) throws Exception {
        String database = "jdbc:sqlite:" + folder.resolve("notify.db");
        JwtIssuer issuer = JwtIssuer.hmac(SECRET);
        String user = issuer.mint("pro-1", Set.of("PROFESSIONAL"), null, Duration.ofMinutes(5));
        String service = issuer.mint("shop", Set.of("SERVICE"), null, Duration.ofMinutes(5));
        try (Embedding program = new Embedding(0, database, SECRET)) {
            List<String> heard = listen(program.port(), "/ws/notifications?token=" + user);
            await().until(() -> heard.stream().anyMatch(f -> f.contains("\"event\":\"connected\"")));

            program.bookingCreated("pro-1", "B-1", "Ann");
            String receipt = SendOverHttp.send(URI.create("http://127.0.0.1:" + program.port()), service, "pro-1");

            assertThat(receipt).contains("\"connections\":1");
            await().until(() ->
                    heard.stream().filter(f -> f.contains("booking.created")).count() == 2);
            assertThat(heard).anyMatch(f -> f.contains("Ann has sent you a booking request."));
        }
    }

    @Test
    void socketIoAloneCarriesCustomEvents() throws Exception {
        try (SocketIoServer server = CustomEvents.start(0)) {
            List<String> heard = listen(server.port(), "/socket.io/?EIO=4&transport=websocket");
            await().until(() -> heard.stream().anyMatch(f -> f.startsWith("0{")));
            sender.sendText("40/chat,", true).join();
            await().until(() -> heard.stream().anyMatch(f -> f.startsWith("40/chat,{")));
            sender.sendText("42/chat,1[\"enter\",\"lobby\"]", true).join();
            await().until(() -> heard.contains("43/chat,1[\"welcome\"]"));
            sender.sendText("42/chat,[\"say\",\"lobby\",\"hello\"]", true).join();
            await().until(() -> heard.contains("42/chat,[\"said\",\"hello\"]"));
        }
    }

    private WebSocket sender;

    private List<String> listen(int port, String path) {
        List<String> heard = new CopyOnWriteArrayList<>();
        sender = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + path), new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
                        text.append(part);
                        if (last) {
                            heard.add(text.toString());
                            text.setLength(0);
                        }
                        socket.request(1);
                        return null;
                    }
                })
                .join();
        return heard;
    }
}
