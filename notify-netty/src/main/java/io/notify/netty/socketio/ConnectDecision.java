package io.notify.netty.socketio;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The decision of a {@link SocketIoApplication} on a client. Internal to notify-netty. */
public sealed interface ConnectDecision {

    /**
     * Lets the client connect.
     *
     * @param pid private id of the CONNECT reply, which enables connection state recovery; null for none
     * @param open called on the connection's event loop after the reply is queued and before any event arrives
     */
    record Accepted(@Nullable String pid, Function<SocketIoConnection, SocketListener> open)
            implements ConnectDecision {}

    /** Refuses the client. */
    record Refused(ConnectError error) implements ConnectDecision {}
}
