package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.notify.netty.engineio.EchoApplication;
import io.notify.netty.engineio.EngineEndpoint;
import io.notify.netty.engineio.EngineSettings;
import io.notify.netty.http.HttpLimits;
import io.notify.netty.http.HttpPort;
import io.notify.netty.http.HttpRoutes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the two official test suites run against. */
final class ConformanceServer {
    private ConformanceServer() {}

    public static void main(String[] arguments) {
        EngineSettings settings = new EngineSettings(
                Duration.ofMillis(300), Duration.ofMillis(200), 1_000_000, Duration.ofSeconds(10), 1 << 20);
        HttpPort port = HttpPort.builder()
                .port(arguments.length == 0 ? 3000 : Integer.parseInt(arguments[0]))
                .limits(HttpLimits.defaults()
                        .withMaxConnections(HttpLimits.UNLIMITED, HttpLimits.UNLIMITED, HttpLimits.UNLIMITED))
                .build();
        Map<String, Namespace> namespaces = new HashMap<>();
        PacketEncoder encoder = new PacketEncoder(new JsonMapper());
        for (String name : List.of("/", "/custom")) {
            namespaces.put(
                    name,
                    new Namespace.Builder(name)
                            .onConnect(ConformanceServer::connected)
                            .build(port.loops(), encoder));
        }
        SocketIoEndpoint socketIo =
                new SocketIoEndpoint(settings, Duration.ofSeconds(45), new JsonMapper(), header -> true, attempt -> {
                    Namespace namespace = namespaces.get(attempt.namespace());
                    return namespace == null ? null : namespace.connect(attempt);
                });
        port.listen(HttpRoutes.builder()
                .exact("/engine.io/", new EngineEndpoint(settings, new EchoApplication(), name -> true))
                .exact("/socket.io/", socketIo)
                .build());
        System.out.println("listening on " + port.port());
    }

    private static void connected(SocketIoSocket socket) {
        socket.on(
                "message",
                event -> socket.emit("message-back", event.arguments().toArray()));
        socket.on(
                "message-with-ack", event -> event.acknowledge(event.arguments().toArray()));
        // The suite's WebSocket client hands out all frames of one read before the suite asks for the second one, which
        // it then never sees: the CONNECT reply must be read before this is sent.
        socket.loop()
                .eventLoop()
                .schedule(() -> socket.emit("auth", socket.handshake().auth()), 20, TimeUnit.MILLISECONDS);
    }
}
