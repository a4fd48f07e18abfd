package io.notify.netty.websocket;

import io.notify.ConnectRequest;
import io.notify.Gateway;
import io.notify.Identity;
import io.notify.Lane;
import io.notify.json.StrictJson;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpHandler;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.PortLoop;
import io.notify.netty.http.WebSocket;
import io.notify.netty.http.WebSocketLimits;
import io.notify.netty.http.WebSocketListener;
import io.notify.netty.signin.SignIn;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Handles {@code /ws/notifications} as a plain WebSocket. The token is checked before the upgrade. */
public final class PlainWebSocketHandler implements HttpHandler {
    private final Gateway gateway;
    private final SignIn signIn;
    private final Function<PortLoop, Lane> lanes;
    private final Supplier<String> ids;
    private final Settings settings;
    private final PlainFormat format = new PlainFormat();
    private final StrictJson json = StrictJson.create();

    /**
     * The settings of the connections.
     *
     * @param maxMessageBytes length of a client's message
     * @param messageTime time from the first byte of a message to the last
     * @param maxPendingBytes bytes of one connection not yet taken by the network
     * @param pingInterval time from the check for a pong to the next ping
     * @param pingTimeout time for the pong to arrive
     */
    public record Settings(
            int maxMessageBytes,
            Duration messageTime,
            int maxPendingBytes,
            Duration pingInterval,
            Duration pingTimeout) {}

    public PlainWebSocketHandler(
            Gateway gateway, SignIn signIn, Function<PortLoop, Lane> lanes, Supplier<String> ids, Settings settings) {
        this.gateway = gateway;
        this.signIn = signIn;
        this.lanes = lanes;
        this.ids = ids;
        this.settings = settings;
    }

    @Override
    public void handle(HttpExchange exchange) {
        if (!exchange.asksForWebSocket()) {
            exchange.reply(HttpReply.problem(426, "A WebSocket or a Socket.IO client is expected here.")
                    .withHeader("Upgrade", "websocket"));
            return;
        }
        signIn.check(SignIn.token(exchange), SignIn.address(exchange))
                .whenComplete((identity, failure) -> exchange.loop().run(() -> {
                    if (failure != null) {
                        exchange.reply(SignIn.refusal(failure));
                    } else {
                        WebSocketLimits limits = WebSocketLimits.of(
                                settings.maxMessageBytes(), settings.messageTime(), settings.maxPendingBytes());
                        exchange.acceptWebSocket(
                                limits, exchange.loop(), socket -> open(socket, identity, since(exchange)));
                    }
                }));
    }

    private WebSocketListener open(WebSocket socket, Identity identity, @Nullable String since) {
        PlainSession session = new PlainSession(ids.get(), socket, format, json, settings);
        ConnectRequest request = new ConnectRequest(identity, gateway.sessionId(identity, null), since);
        session.start(lanes.apply(socket.loop()).open(request, session));
        return session;
    }

    private static @Nullable String since(HttpExchange exchange) {
        String since = exchange.queryParameter("since");
        return since == null || since.isEmpty() ? null : since;
    }
}
