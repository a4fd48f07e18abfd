package io.notify.netty.socketio;

import java.util.concurrent.CompletionStage;

/** Decides who may connect to a namespace. */
@FunctionalInterface
public interface ConnectAuthenticator {
    /**
     * Called for every CONNECT, also of a client that sent no {@code auth}, on the client's event loop; must not block.
     *
     * @return may complete on any thread; a failure refuses the client with {@code data.code} {@code UNAVAILABLE}
     */
    CompletionStage<Admission> authenticate(Handshake handshake);
}
