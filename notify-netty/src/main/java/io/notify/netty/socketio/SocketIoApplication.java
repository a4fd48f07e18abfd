package io.notify.netty.socketio;

import io.notify.netty.http.HttpExchange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The application of a {@link SocketIoEndpoint}: its namespaces and their access control. Called on event loops; must not
 * block. Internal to notify-netty.
 */
public interface SocketIoApplication {
    /** Admits a request at once. */
    CompletionStage<Boolean> YES = CompletableFuture.completedStage(true);

    /** Decides whether a request may open a session. If not, it is answered with 403. */
    default CompletionStage<Boolean> admits(HttpExchange request) {
        return YES;
    }

    /**
     * Decides whether a later request may use the session of a client. If not, it is answered with 403, and the session stays
     * open. Called on the event loop of the request, which may differ from that of the client.
     */
    default CompletionStage<Boolean> admits(SocketIoClient client, HttpExchange request) {
        return YES;
    }

    /**
     * Decides whether a client may connect to a namespace. Called on the client's event loop.
     *
     * @return a stage that any thread may complete, or null if there is no such namespace; if the stage fails, the client is
     *     refused with code {@code UNAVAILABLE}
     */
    @Nullable
    CompletionStage<ConnectDecision> connect(ConnectAttempt attempt);
}
