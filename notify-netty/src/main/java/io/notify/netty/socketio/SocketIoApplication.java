package io.notify.netty.socketio;

import io.notify.netty.http.HttpExchange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind an endpoint: namespaces, and who may use them. Internal to notify-netty. Called on event loops; must
 * not block.
 */
public interface SocketIoApplication {
    /** Yes, at once. */
    CompletionStage<Boolean> YES = CompletableFuture.completedStage(true);

    /** Whether a request may open a session; if not, it gets 403. */
    default CompletionStage<Boolean> admits(HttpExchange request) {
        return YES;
    }

    /**
     * Whether a later request may use the session of this client; if not, it gets 403 and the session goes on. Called on
     * the request's event loop: of the client read only what any thread may.
     */
    default CompletionStage<Boolean> admits(SocketIoClient client, HttpExchange request) {
        return YES;
    }

    /**
     * Decides about a namespace, at once or later, on any thread. Called on the client's event loop.
     *
     * @return null if there is no such namespace; a stage that fails is a refusal with code {@code UNAVAILABLE}
     */
    @Nullable
    CompletionStage<ConnectDecision> connect(ConnectAttempt attempt);
}
