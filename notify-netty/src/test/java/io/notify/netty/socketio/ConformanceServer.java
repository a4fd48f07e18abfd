package io.notify.netty.socketio;

import io.notify.netty.engineio.EchoApplication;
import io.notify.netty.engineio.EngineEndpoint;
import io.notify.netty.engineio.EngineSettings;
import io.notify.netty.http.HttpLimits;
import io.notify.netty.http.HttpPort;
import io.notify.netty.http.HttpRoutes;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What the two official test suites run against, each at {@code localhost:3000}: with {@code engine.io} as its argument a
 * bare echo, else what a host makes of the public {@link SocketIoServer}.
 */
final class ConformanceServer {
    private static final int PORT = 3000;
    private static final Duration PING_INTERVAL = Duration.ofMillis(300);
    private static final Duration PING_TIMEOUT = Duration.ofMillis(200);
    private static final int MAX_PAYLOAD = 1_000_000;

    private ConformanceServer() {}

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("engine.io")) {
            engineIo();
        } else {
            socketIo();
        }
        System.out.println("listening on " + PORT);
    }

    private static void engineIo() {
        EngineSettings settings = new EngineSettings(
                PING_INTERVAL, PING_TIMEOUT, MAX_PAYLOAD, Duration.ofSeconds(10), Duration.ofSeconds(10), 1 << 20);
        HttpPort port = HttpPort.builder()
                .port(PORT)
                .limits(HttpLimits.defaults()
                        .withMaxConnections(HttpLimits.UNLIMITED, HttpLimits.UNLIMITED, HttpLimits.UNLIMITED))
                .build();
        port.listen(HttpRoutes.builder()
                .exact(
                        "/engine.io/",
                        new EngineEndpoint(settings, new EchoApplication(), name -> true, port.sessionLimits()))
                .build());
    }

    private static void socketIo() {
        ScheduledExecutorService soon = Executors.newSingleThreadScheduledExecutor();
        SocketIoServer.builder()
                .port(PORT)
                .pingInterval(PING_INTERVAL)
                .pingTimeout(PING_TIMEOUT)
                .maxPayload(MAX_PAYLOAD)
                .maxConnections(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE)
                .namespace("/", namespace -> namespace.onConnect(socket -> connected(socket, soon)))
                .namespace("/custom", namespace -> namespace.onConnect(socket -> connected(socket, soon)))
                .start();
    }

    private static void connected(SocketIoSocket socket, ScheduledExecutorService soon) {
        socket.on(
                "message",
                event -> socket.emit("message-back", event.arguments().toArray()));
        socket.on(
                "message-with-ack", event -> event.acknowledge(event.arguments().toArray()));
        // The suite's WebSocket client hands out all frames of one read before the suite asks for the second one, which
        // it then never sees: the CONNECT reply must be read before this is sent.
        soon.schedule(() -> socket.emit("auth", socket.handshake().auth()), 20, TimeUnit.MILLISECONDS);
    }
}
