package io.notify.netty.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.netty.http.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SocketIoServerTest {
    private static final String WEBSOCKET = "/socket.io/?EIO=4&transport=websocket";
    private static final String POLLING = "/socket.io/?EIO=4&transport=polling";

    private final BlockingQueue<SocketIoSocket> sockets = new LinkedBlockingQueue<>();
    private final BlockingQueue<DisconnectReason> reasons = new LinkedBlockingQueue<>();
    private final BlockingQueue<Handshake> handshakes = new LinkedBlockingQueue<>();
    private final CompletableFuture<Admission> later = new CompletableFuture<>();
    private final List<RawClient> clients = new ArrayList<>();
    private SocketIoServer server;

    @BeforeEach
    void start() {
        server = builder().start();
    }

    private SocketIoServer.Builder builder() {
        return SocketIoServer.builder()
                .host("127.0.0.1")
                .port(0)
                .threads(3)
                .maxConnections(1000, 1000, 100_000)
                .namespace("/", namespace -> namespace.onConnect(this::connected))
                .namespace("/custom", namespace -> namespace.onConnect(this::connected))
                .namespace(
                        "/guarded",
                        namespace -> namespace
                                .authenticate(handshake -> {
                                    handshakes.add(handshake);
                                    String token =
                                            handshake.auth().path("token").asText();
                                    return switch (token) {
                                        case "later" -> later;
                                        case "broken" -> throw new IllegalStateException("as the test wants it");
                                        case "good" -> CompletableFuture.completedStage(Admission.granted("ann"));
                                        default ->
                                            CompletableFuture.completedStage(Admission.refused(
                                                    ConnectError.of("No valid token", "UNAUTHORIZED")));
                                    };
                                })
                                .onConnect(this::connected));
    }

    private void connected(SocketIoSocket socket) {
        socket.on(
                "message",
                event -> socket.emit("message-back", event.arguments().toArray()));
        socket.on("message-with-ack", event -> {
            event.acknowledge(event.arguments().toArray());
            event.acknowledge("a second answer is dropped");
        });
        socket.on("throw", event -> {
            throw new IllegalStateException("as the test wants it");
        });
        socket.on("join", event -> socket.join(event.argument(0).asText()));
        socket.on("leave", event -> socket.leave(event.argument(0).asText()));
        socket.onDisconnect(reasons::add);
        sockets.add(socket);
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        server.close();
        assertThat(server.clients()).isZero();
    }

    private RawClient open() throws IOException {
        RawClient client = new RawClient(server.port());
        clients.add(client);
        assertThat(client.upgrade(WEBSOCKET)).startsWith("HTTP/1.1 101 ");
        assertThat(client.readFrame()).startsWith("text:0{");
        return client;
    }

    private RawClient connect() throws IOException {
        RawClient client = open();
        assertThat(client.text("40").readFrame()).matches("text:40\\{\"sid\":\"[A-Za-z0-9_-]{24}\"}");
        return client;
    }

    private SocketIoSocket socket() throws InterruptedException {
        return sockets.poll(5, TimeUnit.SECONDS);
    }

    private DisconnectReason reason() throws InterruptedException {
        return reasons.poll(5, TimeUnit.SECONDS);
    }

    @Test
    void connectsWithAnIdThatIsNotTheSessions() throws Exception {
        RawClient client = new RawClient(server.port());
        clients.add(client);
        client.upgrade(WEBSOCKET + "&user=7");
        String sid = client.readFrame().split("\"")[3];
        String id = client.text("40{\"token\":\"a\"}").readFrame().split("\"")[3];
        SocketIoSocket socket = socket();

        assertThat(socket.id()).isEqualTo(id).isNotEqualTo(sid);
        assertThat(socket.handshake().auth()).hasToString("{\"token\":\"a\"}");
        assertThat(socket.handshake().queryParameter("user")).isEqualTo("7");
        assertThat(socket.handshake().headers()).containsEntry("host", "localhost");
        assertThat(socket.handshake().transport()).isEqualTo("websocket");
        assertThat(socket.namespace().sockets()).isOne();
        assertThat(socket.principal()).isNull();
    }

    @Test
    void unknownNamespacesAreRefusedAndTheTransportStays() throws Exception {
        RawClient client = open();
        assertThat(client.text("40/random").readFrame())
                .isEqualTo("text:44/random,{\"message\":\"Invalid namespace\"}");
        assertThat(client.text("40/custom,").readFrame()).startsWith("text:40/custom,{\"sid\":");
    }

    @Test
    void everyConnectIsAuthenticatedAlsoWithoutAuth() throws Exception {
        RawClient client = open();
        assertThat(client.text("40/guarded").readFrame())
                .isEqualTo("text:44/guarded,{\"message\":\"No valid token\",\"data\":{\"code\":\"UNAUTHORIZED\"}}");
        assertThat(handshakes.poll(5, TimeUnit.SECONDS).auth()).hasToString("{}");
        assertThat(client.text("40/guarded,{\"token\":\"broken\"}").readFrame())
                .startsWith("text:44/guarded,{\"message\":")
                .contains("UNAVAILABLE");
        assertThat(client.text("40/guarded,{\"token\":\"good\"}").readFrame()).startsWith("text:40/guarded,{");
        assertThat(socket().principal()).isEqualTo("ann");
    }

    @Test
    void authenticationMayTakeItsTimeOnAnyThread() throws Exception {
        RawClient client = open();
        client.text("40/guarded,{\"token\":\"later\"}");
        handshakes.poll(5, TimeUnit.SECONDS);
        assertThat(client.text("40").readFrame()).startsWith("text:40{");
        later.complete(Admission.granted());
        assertThat(client.readFrame()).startsWith("text:40/guarded,{");
        assertThat(client.text("42/guarded,[\"message\",1]").readFrame())
                .isEqualTo("text:42/guarded,[\"message-back\",1]");
    }

    @Test
    void aClientThatLeavesBeforeItIsLetInIsNotLetIn() throws Exception {
        RawClient client = open();
        client.text("40/guarded,{\"token\":\"later\"}");
        handshakes.poll(5, TimeUnit.SECONDS);
        client.text("41/guarded,");
        assertThat(client.text("40").readFrame()).startsWith("text:40{");
        socket();
        later.complete(Admission.granted());
        assertThat(client.text("42[\"message\"]").readFrame()).isEqualTo("text:42[\"message-back\"]");
        assertThat(sockets).isEmpty();
    }

    @Test
    void echoesEventsAcknowledgementsAndBinary() throws Exception {
        RawClient client = connect();
        assertThat(client.text("42[\"message\",1,\"2\",{\"3\":[true]}]").readFrame())
                .isEqualTo("text:42[\"message-back\",1,\"2\",{\"3\":[true]}]");
        assertThat(client.text("42456[\"message-with-ack\",1,\"2\"]").readFrame())
                .isEqualTo("text:43456[1,\"2\"]");
        client.text(
                        "452-789[\"message-with-ack\",{\"_placeholder\":true,\"num\":0},{\"a\":{\"_placeholder\":true,\"num\":1}}]")
                .frame(0x82, new byte[] {1, 2})
                .frame(0x82, new byte[] {3});
        assertThat(client.readFrame())
                .isEqualTo("text:462-789[{\"_placeholder\":true,\"num\":0},{\"a\":{\"_placeholder\":true,\"num\":1}}]");
        assertThat(client.readFrame()).isEqualTo("binary:\u0001\u0002");
        assertThat(client.readFrame()).isEqualTo("binary:\u0003");
    }

    @Test
    void speaksTheSameByPolling() throws Exception {
        RawClient client = new RawClient(server.port());
        clients.add(client);
        String sid = client.get(POLLING).readAnswer().split("\"")[3];
        String own = POLLING + "&sid=" + sid;
        assertThat(client.post(own, "40").readAnswer()).isEqualTo("200 ok");
        assertThat(client.get(own).readAnswer()).startsWith("200 40{\"sid\":");
        assertThat(client.post(
                                own,
                                "451-[\"message\",{\"_placeholder\":true,\"num\":0}]\u001ebAQID\u001e42[\"message\",2]")
                        .readAnswer())
                .isEqualTo("200 ok");
        assertThat(client.get(own).readAnswer())
                .isEqualTo(
                        "200 451-[\"message-back\",{\"_placeholder\":true,\"num\":0}]\u001ebAQID\u001e42[\"message-back\",2]");
        assertThat(socket().handshake().transport()).isEqualTo("polling");
    }

    @Test
    void leavingOneNamespaceKeepsTheOthers() throws Exception {
        RawClient client = connect();
        client.text("40/custom").readFrame();
        client.text("41/custom,").text("42[\"message\",1]");
        assertThat(client.readFrame()).isEqualTo("text:42[\"message-back\",1]");
        assertThat(reason()).isEqualTo(DisconnectReason.CLIENT_NAMESPACE_DISCONNECT);
        // What was on its way is no error; coming back is none either.
        client.text("42/custom,[\"message\",2]").text("40/custom");
        assertThat(client.readFrame()).startsWith("text:40/custom,{");
    }

    @Test
    void theServerPutsOutOfANamespaceOrClosesTheTransport() throws Exception {
        RawClient client = connect();
        socket().disconnect();
        assertThat(client.readFrame()).isEqualTo("text:41");
        assertThat(reason()).isEqualTo(DisconnectReason.SERVER_NAMESPACE_DISCONNECT);
        client.text("42[\"on its way\"]").text("40");
        assertThat(client.readFrame()).startsWith("text:40{");
        socket().closeTransport();
        assertThat(client.readFrame()).isEqualTo("close:1000");
        assertThat(reason()).isEqualTo(DisconnectReason.FORCED_CLOSE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4abc",
                "4",
                "42{}",
                "42[]",
                "42[\"connect\"]",
                "42abc[\"a\"]",
                "40[]",
                "4999",
                "451.23-",
                "451832742252-[\"a\"]",
                "42[{\"toString\":\"foo\"}]",
                "451-[\"a\",{\"_placeholder\":true,\"num\":\"x\"}]",
                "42/custom,[\"a\"]",
                "41/other",
                "40",
                "44{}",
                "42[\"a\",{\"b\":1,\"b\":2}]",
                "42[\"a\",\"\\ud800\"]"
            })
    void nonsenseEndsTheConnection(String frame) throws Exception {
        RawClient client = connect();
        assertThat(client.text(frame).readFrame()).isEqualTo("close:1002");
        assertThat(reason()).isEqualTo(DisconnectReason.PARSE_ERROR);
    }

    @Test
    void textAmidAttachmentsAndBinaryFromNowhereEndTheConnection() throws Exception {
        assertThat(connect().text("451-[\"a\"]").text("42[\"b\"]").readFrame()).isEqualTo("close:1002");
        assertThat(connect().frame(0x82, new byte[3]).readFrame()).isEqualTo("close:1002");
    }

    @Test
    void aHandlerThatThrowsIsAnErrorEventAndTheConnectionGoesOn() throws Exception {
        RawClient client = connect();
        RawClient other = connect();
        assertThat(client.text("42[\"throw\"]").readFrame())
                .isEqualTo(
                        "text:42[\"error\",{\"code\":\"INTERNAL\",\"message\":\"The event could not be handled\",\"event\":\"throw\"}]");
        assertThat(client.text("42[\"message\"]").readFrame()).isEqualTo("text:42[\"message-back\"]");
        assertThat(other.text("42[\"message\"]").readFrame()).isEqualTo("text:42[\"message-back\"]");
    }

    @Test
    void asksForAcknowledgements() throws Exception {
        RawClient client = connect();
        SocketIoSocket socket = socket();
        CompletableFuture<List<JsonNode>> answer =
                socket.emitWithAck(Duration.ofSeconds(10), "ask", 1).toCompletableFuture();
        assertThat(client.readFrame()).isEqualTo("text:420[\"ask\",1]");
        client.text("430[\"yes\"]");
        assertThat(answer.get(5, TimeUnit.SECONDS)).hasToString("[\"yes\"]");
        client.text("430[\"again\"]").text("4399[\"unasked\"]");

        CompletableFuture<List<JsonNode>> late =
                socket.emitWithAck(Duration.ofMillis(50), "ask", 2).toCompletableFuture();
        assertThatThrownBy(() -> late.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);

        CompletableFuture<List<JsonNode>> gone =
                socket.emitWithAck(Duration.ofSeconds(10), "ask", 3).toCompletableFuture();
        client.readFrame();
        client.reset();
        assertThatThrownBy(() -> gone.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> socket.emitWithAck(Duration.ofSeconds(1), "ask")
                        .toCompletableFuture()
                        .get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void broadcastsToRoomsAndAllEachSocketOnce() throws Exception {
        List<RawClient> members = new ArrayList<>();
        List<SocketIoSocket> theirs = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            members.add(connect());
            theirs.add(socket());
            String rooms = "42[\"join\",\"r" + i % 3 + "\"]";
            // The acknowledgement shows that the rooms are joined.
            members.get(i).text(rooms).text("42[\"join\",\"even\"]").text("421[\"message-with-ack\"]");
            assertThat(members.get(i).readFrame()).isEqualTo("text:431[]");
        }
        Namespace namespace = server.namespace("/");
        assertThat(namespace.sockets()).isEqualTo(9);
        namespace.to("r0").to("r1").to("even").except(theirs.get(8)).emit("a", new byte[] {7});
        namespace.to("r2").emit("b");
        namespace.emit("c");
        namespace.except(theirs.get(0)).emit("d");
        namespace.to("nobody").emit("x");
        for (int i = 0; i < 9; i++) {
            List<String> expected = new ArrayList<>();
            if (i != 8) {
                expected.add("text:451-[\"a\",{\"_placeholder\":true,\"num\":0}]");
                expected.add("binary:\u0007");
            }
            if (i % 3 == 2) {
                expected.add("text:42[\"b\"]");
            }
            expected.add("text:42[\"c\"]");
            if (i != 0) {
                expected.add("text:42[\"d\"]");
            }
            List<String> received = new ArrayList<>();
            for (int j = 0; j < expected.size(); j++) {
                received.add(members.get(i).readFrame());
            }
            assertThat(received).isEqualTo(expected);
        }
        members.get(2)
                .text("42[\"leave\",\"r2\"]")
                .text("421[\"message-with-ack\"]")
                .readFrame();
        members.get(5).reset();
        assertThat(reason()).isEqualTo(DisconnectReason.TRANSPORT_CLOSE);
        namespace.to("r2").emit("e");
        namespace.emit("f");
        assertThat(members.get(2).readFrame()).isEqualTo("text:42[\"f\"]");
        assertThat(members.get(8).readFrame()).isEqualTo("text:42[\"e\"]");
        assertThat(namespace.sockets()).isEqualTo(8);
    }

    @Test
    void eventsOfOneThreadComeInItsOrder() throws Exception {
        RawClient client = connect();
        SocketIoSocket socket = socket();
        for (int i = 0; i < 1000; i++) {
            if (i % 3 == 0) {
                server.namespace("/").emit("n", i);
            } else {
                socket.emit("n", i);
            }
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(client.readFrame()).isEqualTo("text:42[\"n\"," + i + "]");
        }
    }

    @Test
    void aClientThatDoesNotReadIsDisconnectedAndOthersGoOn() throws Exception {
        RawClient slow = connect();
        SocketIoSocket socket = socket();
        RawClient good = connect();
        socket();
        String payload = "x".repeat(100_000);
        await().until(() -> {
            for (int i = 0; i < 20; i++) {
                socket.emit("much", payload);
            }
            return !reasons.isEmpty();
        });
        assertThat(reason()).isEqualTo(DisconnectReason.FORCED_CLOSE);
        assertThat(good.text("42[\"message\"]").readFrame()).isEqualTo("text:42[\"message-back\"]");
        slow.close();
    }

    @Test
    void aSessionWithoutANamespaceIsClosedInTime() throws Exception {
        server.close();
        server = builder().connectTimeout(Duration.ofSeconds(1)).start();
        RawClient silent = open();
        RawClient refused = open();
        refused.text("40/random").readFrame();
        RawClient connected = connect();
        RawClient left = connect();
        left.text("41");
        assertThat(silent.readFrame()).isEqualTo("close:1000");
        assertThat(refused.readFrame()).isEqualTo("close:1000");
        assertThat(left.readFrame()).isEqualTo("close:1000");
        assertThat(connected.text("42[\"message\"]").readFrame()).isEqualTo("text:42[\"message-back\"]");
    }

    @Test
    void foreignOriginsAreRefusedByPollingAndWebSocket() throws Exception {
        RawClient client = new RawClient(server.port());
        clients.add(client);
        client.send("GET " + POLLING + " HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.example\r\n\r\n");
        assertThat(client.readAnswer()).startsWith("403 ");
        client.send("GET " + WEBSOCKET
                + " HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n");
        assertThat(client.readAnswer()).startsWith("403 ");
        assertThat(server.clients()).isZero();
    }

    @Test
    void nothingIsLeftOfClientsThatComeAndGoInEveryWay() throws Exception {
        for (int i = 0; i < 30; i++) {
            connect().reset();
            RawClient joined = connect();
            joined.text("42[\"join\",\"r\"]").text("40/custom").reset();
            open().text("40/guarded,{\"token\":\"later\"}").reset();
            open().text("40/guarded,{\"token\":\"bad\"}").reset();
            open().reset();
            open().text("451-[\"half\"]").reset();
            connect().text("4nonsense").readFrame();
        }
        for (RawClient client : clients) {
            client.close();
        }
        await().until(() -> server.clients() == 0
                && server.namespace("/").sockets() == 0
                && server.namespace("/custom").sockets() == 0
                && server.namespace("/guarded").sockets() == 0);
        later.complete(Admission.granted());
        assertThat(server.namespace("/guarded").sockets()).isZero();
    }

    @Test
    void settingsAreRefusedByNameValueAndExpectation() {
        assertThatThrownBy(() -> SocketIoServer.builder()
                        .port(0)
                        .pingInterval(Duration.ofMillis(-1))
                        .start())
                .hasMessage("pingInterval: -1 ms (expected: > 0 ms)");
        assertThatThrownBy(() -> SocketIoServer.builder().namespace("x", namespace -> {}))
                .hasMessageStartingWith("namespace: \"x\" (expected: a leading slash");
        assertThatThrownBy(() ->
                        SocketIoServer.builder().namespace("/", namespace -> {}).namespace("/", namespace -> {}))
                .hasMessage("namespace: / is there already (expected: once)");
        assertThatThrownBy(() -> server.namespace("/none"))
                .hasMessageStartingWith("namespace: /none (expected: one of");
    }
}
