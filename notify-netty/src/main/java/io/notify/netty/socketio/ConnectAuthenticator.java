package io.notify.netty.socketio;

import java.util.concurrent.CompletionStage;

/** Decides whether a client may connect to a namespace. */
@FunctionalInterface
public interface ConnectAuthenticator {
    /**
     * Decides about one client. Called for every CONNECT, even without {@code auth}, on the client's event loop; must not
     * block.
     *
     * @return a stage that any thread may complete; if it fails, the client is refused with {@code data.code}
     *     {@code UNAVAILABLE}
     */
    CompletionStage<Admission> authenticate(Handshake handshake);
}
