package io.notify.netty;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.ConnectRequest;
import io.notify.Gateway;
import io.notify.Identity;
import io.notify.Lane;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.PortLoop;
import io.notify.netty.signin.SignIn;
import io.notify.netty.socketio.ConnectAttempt;
import io.notify.netty.socketio.ConnectDecision;
import io.notify.netty.socketio.ConnectError;
import io.notify.netty.socketio.SocketIoApplication;
import io.notify.netty.socketio.SocketIoClient;
import io.notify.netty.socketio.SocketIoConnection;
import io.notify.netty.socketio.SocketListener;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The Socket.IO application of a notification server: the namespaces {@code /} and {@code /ws/notifications}, which are
 * equivalent. A client needs a valid token to connect, and a session belongs to one user until it ends.
 */
final class NotificationNamespaces implements SocketIoApplication {
    private final Gateway gateway;
    private final SignIn signIn;
    private final Function<PortLoop, Lane> lanes;
    private final int maxPendingBytes;
    private final Map<String, SocketIoFormat> formats =
            Map.of("/", new SocketIoFormat("/"), "/ws/notifications", new SocketIoFormat("/ws/notifications"));

    NotificationNamespaces(Gateway gateway, SignIn signIn, Function<PortLoop, Lane> lanes, int maxPendingBytes) {
        this.gateway = gateway;
        this.signIn = signIn;
        this.lanes = lanes;
        this.maxPendingBytes = maxPendingBytes;
    }

    /**
     * Rejects a request with the token of another user. The token of the handshake is accepted without verification: clients
     * repeat it with every request, even if the session was authenticated by {@code auth}.
     */
    @Override
    public CompletionStage<Boolean> admits(SocketIoClient client, HttpExchange request) {
        String token = SignIn.token(request);
        if (token == null
                || !(client.attachment() instanceof SessionUser user)
                || token.equals(user.token())
                || token.equals(handshakeToken(client))) {
            return YES;
        }
        return signIn.check(token, SignIn.address(request))
                .handle((identity, failure) ->
                        failure == null && identity.userId().equals(user.userId()));
    }

    @Override
    public @Nullable CompletionStage<ConnectDecision> connect(ConnectAttempt attempt) {
        SocketIoFormat format = formats.get(attempt.namespace());
        if (format == null) {
            return null;
        }
        String token = token(attempt);
        InetAddress address = SignIn.address(attempt.client().handshake().remoteAddress());
        return signIn.check(token, address).handle((identity, failure) -> {
            if (failure != null) {
                return new ConnectDecision.Refused(ConnectError.of("a valid token is needed", "UNAUTHORIZED"));
            }
            return accept(attempt, format, identity, token == null ? "" : token);
        });
    }

    private ConnectDecision accept(ConnectAttempt attempt, SocketIoFormat format, Identity identity, String token) {
        SessionUser user = (SessionUser) attempt.client().attachIfNone(new SessionUser(identity.userId(), token));
        if (!user.userId().equals(identity.userId())) {
            return new ConnectDecision.Refused(
                    ConnectError.of("the connection belongs to another user", "UNAUTHORIZED"));
        }
        String sessionId = gateway.sessionId(identity, text(attempt.auth(), "pid"));
        String cursor = text(attempt.auth(), "offset");
        return new ConnectDecision.Accepted(
                gateway.recoveryId(identity, sessionId),
                socket -> open(socket, format, new ConnectRequest(identity, sessionId, cursor)));
    }

    private SocketListener open(SocketIoConnection socket, SocketIoFormat format, ConnectRequest request) {
        SocketIoSession session = new SocketIoSession(socket, format, maxPendingBytes);
        session.start(lanes.apply(socket.loop()).open(request, session));
        return session;
    }

    /**
     * Returns the token of {@code auth}, else of the header, else of the query. An {@code auth.token} that is not a string
     * counts as an invalid token.
     */
    private static @Nullable String token(ConnectAttempt attempt) {
        JsonNode fromAuth = attempt.auth().path("token");
        if (!fromAuth.isMissingNode() && !fromAuth.isNull()) {
            return fromAuth.isTextual() ? fromAuth.textValue() : "";
        }
        return handshakeToken(attempt.client());
    }

    private static @Nullable String handshakeToken(SocketIoClient client) {
        String header = client.handshake().headers().get("authorization");
        if (header != null && !header.isBlank()) {
            return header;
        }
        return SignIn.single(client.handshake().query().get("token"));
    }

    private static @Nullable String text(JsonNode auth, String field) {
        JsonNode value = auth.path(field);
        return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
    }

    /**
     * The user of a session.
     *
     * @param token the verified token, so that a request that repeats it needs no verification
     */
    private record SessionUser(String userId, String token) {}
}
