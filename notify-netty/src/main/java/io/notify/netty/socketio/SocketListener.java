package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Receives the events of one {@link SocketIoConnection}. Called on its event loop; must not block. Internal to notify-netty. */
public interface SocketListener {
    /**
     * Called for an event of the client.
     *
     * @param arguments arguments without the name; binary ones are {@code BinaryNode}s
     * @param ackId id for {@link SocketIoConnection#acknowledge}; negative if the client asked for no acknowledgement
     */
    void onEvent(String name, List<JsonNode> arguments, long ackId);

    /** Called for an acknowledgement of the client, even if none was asked for. */
    default void onAcknowledgement(long ackId, List<JsonNode> arguments) {}

    /** Called when the client has been upgraded to a WebSocket. */
    default void onUpgrade() {}

    /** Called once, when the client has left the namespace. */
    void onDisconnect(DisconnectReason reason);
}
