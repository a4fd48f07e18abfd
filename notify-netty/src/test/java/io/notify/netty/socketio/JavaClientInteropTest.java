package io.notify.netty.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stock Java client, {@code io.socket:socket.io-client}, against the server. */
final class JavaClientInteropTest {
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<SocketIoSocket> sockets = new LinkedBlockingQueue<>();
    private final BlockingQueue<DisconnectReason> reasons = new LinkedBlockingQueue<>();
    private SocketIoServer server;
    private Socket client;

    @BeforeEach
    void start() {
        server = SocketIoServer.builder()
                .host("127.0.0.1")
                .port(0)
                .maxConnections(1000, 1000, 1000)
                .namespace(
                        "/",
                        namespace -> namespace
                                .authenticate(handshake -> java.util.concurrent.CompletableFuture.completedStage(
                                        handshake.auth().path("token").asText().equals("good")
                                                ? Admission.granted("ann")
                                                : Admission.refused(ConnectError.of("No valid token", "UNAUTHORIZED"))))
                                .onConnect(socket -> {
                                    socket.on("echo", event -> {
                                        socket.emit("echoed", event.arguments().toArray());
                                        event.acknowledge(event.arguments().toArray());
                                    });
                                    socket.onDisconnect(reasons::add);
                                    sockets.add(socket);
                                }))
                .start();
    }

    @AfterEach
    void stop() {
        if (client != null) {
            client.disconnect();
        }
        server.close();
    }

    private Socket client(String token, String... transports) {
        IO.Options options = IO.Options.builder()
                .setForceNew(true)
                .setTransports(transports)
                .setAuth(Map.of("token", token))
                .build();
        client = IO.socket(URI.create("http://127.0.0.1:" + server.port()), options);
        return client;
    }

    private Object next() throws InterruptedException {
        return received.poll(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void sendsReceivesAndAcknowledgesOverEveryTransport(String transports) throws Exception {
        Socket socket = client("good", transports.split(","));
        socket.on("echoed", arguments -> received.addAll(java.util.List.of(arguments)));
        socket.connect();
        SocketIoSocket server = sockets.poll(10, TimeUnit.SECONDS);
        await().until(socket::connected);
        assertThat(server.id()).isEqualTo(socket.id());

        socket.emit(
                "echo", new Object[] {1, "gr\u00fc\u00dfe", new JSONObject().put("a", true), new byte[] {1, 2}}, (Ack)
                        acknowledged -> received.add(acknowledged.length));
        assertThat(next()).isEqualTo(1);
        assertThat(next()).isEqualTo("gr\u00fc\u00dfe");
        assertThat(next()).hasToString("{\"a\":true}");
        assertThat((byte[]) next()).containsExactly(1, 2);
        assertThat(next()).isEqualTo(4);

        socket.on("ask", arguments -> ((Ack) arguments[1]).call("answer to " + arguments[0]));
        assertThat(server.emitWithAck(java.time.Duration.ofSeconds(10), "ask", 7)
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .hasToString("[\"answer to 7\"]");

        socket.disconnect();
        assertThat(reasons.poll(10, TimeUnit.SECONDS))
                .isIn(DisconnectReason.CLIENT_NAMESPACE_DISCONNECT, DisconnectReason.TRANSPORT_CLOSE);
        await().until(() -> this.server.clients() == 0);
    }

    @Test
    void losesNothingWhileItUpgrades() throws Exception {
        Socket socket = client("good", "polling", "websocket");
        socket.on("n", arguments -> received.add(arguments[0]));
        socket.connect();
        SocketIoSocket server = sockets.poll(10, TimeUnit.SECONDS);
        for (int i = 0; i < 3000; i++) {
            server.emit("n", i);
            if (i % 50 == 0) {
                // never far ahead of the client, so that there is traffic all through the upgrade
                int sent = i;
                await().pollInterval(Duration.ofMillis(1)).until(() -> received.size() >= sent - 50);
            }
        }
        for (int i = 0; i < 3000; i++) {
            assertThat(next()).isEqualTo(i);
        }
    }

    @Test
    void hearsWhyItIsRefused() throws Exception {
        Socket socket = client("bad", "websocket");
        socket.on(Socket.EVENT_CONNECT_ERROR, arguments -> received.add(arguments[0]));
        socket.connect();
        assertThat(next()).isInstanceOfSatisfying(JSONObject.class, error -> {
            assertThat(error.optString("message")).isEqualTo("No valid token");
            assertThat(error.optJSONObject("data").optString("code")).isEqualTo("UNAUTHORIZED");
        });
    }

    @Test
    void comesBackByItselfAfterTheTransportWasClosed() throws Exception {
        Socket socket = client("good", "polling", "websocket");
        socket.io().reconnectionDelay(10).reconnectionDelayMax(20);
        socket.connect();
        sockets.poll(10, TimeUnit.SECONDS).closeTransport();
        assertThat(sockets.poll(10, TimeUnit.SECONDS)).isNotNull();
        await().until(socket::connected);
    }
}
