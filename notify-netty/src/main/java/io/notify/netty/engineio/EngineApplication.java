package io.notify.netty.engineio;

import io.notify.netty.http.HttpExchange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What sessions are for. Internal to notify-netty. Called on event loops; must not block. */
public interface EngineApplication {
    /** Yes, at once. */
    CompletionStage<Boolean> YES = CompletableFuture.completedStage(true);

    /** Whether a request may open a session; if not, or if the stage fails, it gets 403. */
    default CompletionStage<Boolean> admits(HttpExchange request) {
        return YES;
    }

    /**
     * Whether a later request, a poll, a push or an upgrade, may use a session; if not, it gets 403 and the session goes
     * on. Called on the request's event loop, which may be another than the session's.
     *
     * @param application what {@link #open} answered
     */
    default CompletionStage<Boolean> admits(EngineListener application, HttpExchange request) {
        return YES;
    }

    /** A session was opened; called on its event loop, before anything is read. */
    EngineListener open(EngineSession session, EngineHandshake handshake);
}
