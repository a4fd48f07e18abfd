package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** An event of a client; acknowledged at most once. Any thread. */
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

    /** Who sent it. */
    public SocketIoSocket socket() {
        return socket;
    }

    public String name() {
        return name;
    }

    /** Without the name; a binary one is a node with {@code isBinary()}. Do not change the trees. */
    public List<JsonNode> arguments() {
        return arguments;
    }

    /** The argument at an index, from 0; missing if there are not so many. */
    public JsonNode argument(int index) {
        return index < arguments.size() ? arguments.get(index) : MissingNode.getInstance();
    }

    /** Whether the client asked for an acknowledgement. */
    public boolean wantsAcknowledgement() {
        return ackId != SocketPacket.NO_ACK;
    }

    /**
     * Answers the client's callback. Does nothing if it asked for none, has been answered or is gone; does not block.
     *
     * @param arguments as of {@link SocketIoSocket#emit}
     */
    public void acknowledge(Object... arguments) {
        if (wantsAcknowledgement() && acknowledged.compareAndSet(false, true)) {
            socket.acknowledge(ackId, arguments);
        }
    }
}
