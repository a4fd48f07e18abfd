package io.notify.netty.socketio;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whether a client may connect to a namespace. Internal to notify-netty. */
public sealed interface ConnectDecision {

    /**
     * It may.
     *
     * @param pid for the CONNECT reply, by which a client recovers; null for a reply without
     * @param open called on the connection's event loop when the reply has been offered, before any event comes in
     */
    record Accepted(@Nullable String pid, Function<SocketIoConnection, SocketListener> open)
            implements ConnectDecision {}

    /** It may not. */
    record Refused(ConnectError error) implements ConnectDecision {}
}
