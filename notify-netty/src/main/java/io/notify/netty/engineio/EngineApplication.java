package io.notify.netty.engineio;

import io.notify.netty.http.HttpExchange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The application of an {@link EngineEndpoint}. Called on event loops; must not block. Internal to notify-netty. */
public interface EngineApplication {
    /** Admits a request at once. */
    CompletionStage<Boolean> YES = CompletableFuture.completedStage(true);

    /** Decides whether a request may open a session. If not, or if the stage fails, it is answered with 403. */
    default CompletionStage<Boolean> admits(HttpExchange request) {
        return YES;
    }

    /**
     * Decides whether a poll, a push or an upgrade may use a session. If not, it is answered with 403, and the session stays
     * open. Called on the event loop of the request, which may differ from that of the session.
     *
     * @param application the result of {@link #open}
     */
    default CompletionStage<Boolean> admits(EngineListener application, HttpExchange request) {
        return YES;
    }

    /** Called for a new session, on its event loop, before anything is read. */
    EngineListener open(EngineSession session, EngineHandshake handshake);
}
