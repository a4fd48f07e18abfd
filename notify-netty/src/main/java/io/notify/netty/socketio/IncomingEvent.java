package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** An event that a client sent. It is acknowledged at most once. Any thread. */
public final class IncomingEvent {
    private final SocketIoSocket socket;
    private final String name;
    private final List<JsonNode> arguments;
    private final long ackId;
    private final AtomicBoolean acknowledged = new AtomicBoolean();

    IncomingEvent(SocketIoSocket socket, String name, List<JsonNode> arguments, long ackId) {
        this.socket = socket;
        this.name = name;
        this.arguments = arguments;
        this.ackId = ackId;
    }

    /** Returns the socket that sent the event. */
    public SocketIoSocket socket() {
        return socket;
    }

    public String name() {
        return name;
    }

    /** Returns the arguments without the name. Binary ones are binary nodes. The trees must not be modified. */
    public List<JsonNode> arguments() {
        return arguments;
    }

    /** Returns the argument at an index from 0, or a missing node if there is none. */
    public JsonNode argument(int index) {
        return index < arguments.size() ? arguments.get(index) : MissingNode.getInstance();
    }

    /** Returns whether the client asked for an acknowledgement. */
    public boolean wantsAcknowledgement() {
        return ackId != SocketPacket.NO_ACK;
    }

    /**
     * Acknowledges the event. Does nothing if the client asked for no acknowledgement, got it before or is gone. Does not
     * block.
     *
     * @param arguments see {@link SocketIoSocket#emit}
     */
    public void acknowledge(Object... arguments) {
        if (wantsAcknowledgement() && acknowledged.compareAndSet(false, true)) {
            socket.acknowledge(ackId, arguments);
        }
    }
}
