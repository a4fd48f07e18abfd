package io.notify.netty;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.notify.Gateway;
import io.notify.Lane;
import io.notify.netty.api.NotificationApi;
import io.notify.netty.dashboard.Dashboard;
import io.notify.netty.engineio.SecretIds;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpHandler;
import io.notify.netty.http.HttpPort;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.HttpRoutes;
import io.notify.netty.http.PortLoop;
import io.notify.netty.signin.SignIn;
import io.notify.netty.socketio.SocketIoEndpoint;
import io.notify.netty.sse.SseHandler;
import io.notify.netty.sse.SseTestHandler;
import io.notify.netty.websocket.PlainWebSocketHandler;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Assembles a server from its configuration and starts it. If that fails, nothing that was opened stays open. */
final class ServerAssembly {
    private ServerAssembly() {}

    /** Event loops, a lane for each, the handlers, their routes, and last the listening socket. */
    static NotifyServer start(ServerConfig config) {
        Gateway gateway = config.service.gateway();
        HttpPort port = config.newPort();
        Map<PortLoop, Lane> lanes =
                port.loops().stream().collect(Collectors.toUnmodifiableMap(loop -> loop, gateway::lane));
        try {
            Function<PortLoop, Lane> laneOf = loop -> Objects.requireNonNull(lanes.get(loop));
            AtomicBoolean draining = new AtomicBoolean();
            SecretIds ids = new SecretIds();
            SignIn signIn =
                    new SignIn(gateway, config.maxRefusedSignIns, config.refusedSignInsWindow, System::nanoTime);

            SocketIoEndpoint socketIo = new SocketIoEndpoint(
                    config.engine,
                    config.connectTimeout,
                    new ObjectMapper(),
                    HttpHeaderNames.AUTHORIZATION::contentEqualsIgnoreCase,
                    port.sessionLimits(),
                    new NotificationNamespaces(gateway, signIn, laneOf, config.engine.maxPendingBytes()));
            HttpHandler plain = new PlainWebSocketHandler(gateway, signIn, laneOf, ids, config.plainWebSocket);
            HttpHandler sse = new SseHandler(gateway, signIn, laneOf, ids, config.sse);
            NotificationApi api = new NotificationApi(config.service, signIn, config.api(draining::get));

            HttpRoutes.Builder builder = HttpRoutes.builder();
            builder.prefix("/socket.io/", socketIo);
            HttpHandler webSocket = exchange -> (isEngineIo(exchange) ? socketIo : plain).handle(exchange);
            builder.exact("/ws/notifications", webSocket);
            builder.exact("/ws/notifications/", webSocket);
            builder.exact("/notifications/sse", sse);
            builder.exact("/notifications/sse/test", new SseTestHandler(config.clock));
            api.addTo(builder);
            if (config.dashboard) {
                Dashboard.addTo(builder);
            }
            config.files.forEach((path, file) -> builder.exact(path, get(file)));
            HttpRoutes routes = builder.build();

            port.listen(routes);
            ServerMeters meters = new ServerMeters(config.service.meters(), port, socketIo, signIn, api);
            return new NotifyServer(port, lanes, socketIo, api, meters, routes.paths(), draining);
        } catch (RuntimeException failure) {
            lanes.values().forEach(Lane::close);
            port.close();
            throw failure;
        }
    }

    /** Whether the query is that of an Engine.IO client; a plain WebSocket client sends neither parameter. */
    private static boolean isEngineIo(HttpExchange exchange) {
        return exchange.queryParameter("EIO") != null && exchange.queryParameter("transport") != null;
    }

    private static HttpHandler get(HttpReply file) {
        return exchange -> exchange.reply(
                exchange.method().equals("GET")
                        ? file
                        : HttpReply.problem(405, "Allowed here: GET").withHeader("Allow", "GET"));
    }
}
