package io.notify.netty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;

/** Every way in that SPEC.md names: what is promised over one of them is tested over all. */
enum Way {
    WEBSOCKET(Kind.WEBSOCKET, "/socket.io/", "/"),
    WEBSOCKET_NAMESPACE(Kind.WEBSOCKET, "/socket.io/", "/ws/notifications"),
    WEBSOCKET_PATH(Kind.WEBSOCKET, "/ws/notifications", "/"),
    POLLING(Kind.POLLING, "/socket.io/", "/"),
    POLLING_NAMESPACE(Kind.POLLING, "/socket.io/", "/ws/notifications"),
    POLLING_PATH(Kind.POLLING, "/ws/notifications", "/"),
    UPGRADED(Kind.UPGRADED, "/socket.io/", "/"),
    UPGRADED_NAMESPACE(Kind.UPGRADED, "/socket.io/", "/ws/notifications"),
    PLAIN(Kind.PLAIN, "/ws/notifications", ""),
    SSE(Kind.SSE, "/notifications/sse", "");

    private enum Kind {
        WEBSOCKET,
        POLLING,
        UPGRADED,
        PLAIN,
        SSE
    }

    private final Kind kind;
    private final String path;
    private final String namespace;

    Way(Kind kind, String path, String namespace) {
        this.kind = kind;
        this.path = path;
        this.namespace = namespace;
    }

    static Stream<Way> twoWay() {
        return Arrays.stream(values()).filter(way -> way != SSE);
    }

    static Stream<Way> socketIo() {
        return Arrays.stream(values()).filter(Way::isSocketIo);
    }

    boolean isSocketIo() {
        return kind != Kind.PLAIN && kind != Kind.SSE;
    }

    /** As statistics name it. */
    String transport() {
        return switch (kind) {
            case WEBSOCKET, UPGRADED -> "websocket";
            case POLLING -> "polling";
            case PLAIN -> "plain-websocket";
            case SSE -> "sse";
        };
    }

    /** Signs in as the way's users mostly do, and waits for {@code connected}. */
    TestClient open(TestServer server, String token) {
        return open(server, Entry.of(this, token));
    }

    /** As {@link #open(TestServer, String)}; comes back with a cursor. */
    TestClient resume(TestServer server, String token, String cursor) {
        return open(server, Entry.of(this, token).cursor(this, cursor));
    }

    /**
     * Signs in and waits until let in or refused.
     *
     * @throws TestClient.Refused if it is not let in
     */
    TestClient open(TestServer server, Entry entry) {
        int port = server.server.port();
        try {
            TestClient client = switch (kind) {
                case WEBSOCKET -> SocketIoTestClient.byWebSocket(port, path, namespace, entry);
                case POLLING -> SocketIoTestClient.byPolling(port, path, namespace, entry);
                case UPGRADED -> SocketIoTestClient.upgraded(port, path, namespace, entry);
                case PLAIN -> new PlainTestClient(port, path, entry);
                case SSE -> new SseTestClient(port, path, entry);
            };
            try {
                client.connected();
            } catch (TestClient.Refused refused) {
                client.close();
                throw refused;
            }
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
