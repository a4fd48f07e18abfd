package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Hears one {@link SocketIoConnection}. Internal to notify-netty. Called on its event loop; must not block. */
public interface SocketListener {
    /**
     * An event came in.
     *
     * @param arguments without the name; binary ones are {@code BinaryNode}s
     * @param ackId what {@link SocketIoConnection#acknowledge} wants; negative if the client asked for none
     */
    void onEvent(String name, List<JsonNode> arguments, long ackId);

    /** The client acknowledged an event, whether one that asked for it or not. */
    default void onAcknowledgement(long ackId, List<JsonNode> arguments) {}

    /** The client is on a WebSocket from now on. */
    default void onUpgrade() {}

    /** The client is in this namespace no more. Called once. */
    void onDisconnect(DisconnectReason reason);
}
