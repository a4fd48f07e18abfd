package io.notify.netty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.notify.CloseReason;
import io.notify.Connection;
import io.notify.OutboundEvent;
import io.notify.Reply;
import io.notify.Transport;
import io.notify.TransportSession;
import io.notify.netty.engineio.EncodedPacket;
import io.notify.netty.socketio.DisconnectReason;
import io.notify.netty.socketio.PacketEncoder;
import io.notify.netty.socketio.SocketIoConnection;
import io.notify.netty.socketio.SocketListener;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One Socket.IO client in one namespace, as a session of the core. Each event of the client reaches the core once, and its
 * reply is sent in the same namespace. Event loop only.
 */
final class SocketIoSession implements TransportSession, SocketListener {
    private final SocketIoConnection socket;
    private final SocketIoFormat format;
    private final int maxPendingBytes;
    private @Nullable Connection connection;
    private boolean closed;
    private @Nullable CloseReason closing;

    SocketIoSession(SocketIoConnection socket, SocketIoFormat format, int maxPendingBytes) {
        this.socket = socket;
        this.format = format;
        this.maxPendingBytes = maxPendingBytes;
    }

    void start(Connection opened) {
        connection = opened;
    }

    // Called by the core.

    @Override
    public String id() {
        return socket.id();
    }

    @Override
    public Transport transport() {
        return socket.client().isWebSocket() ? Transport.WEBSOCKET : Transport.POLLING;
    }

    @Override
    public boolean offer(OutboundEvent event) {
        if (closed || !socket.isConnected()) {
            return false;
        }
        EncodedPacket packet = event.encoded(format);
        if (event.volatileDelivery() && socket.pendingBytes() + packet.length() > maxPendingBytes / 2) {
            return false;
        }
        if (socket.offerShared(packet)) {
            return true;
        }
        if (!event.volatileDelivery()) {
            close(CloseReason.TOO_SLOW);
        }
        return false;
    }

    @Override
    public boolean hasRoom(int bytes) {
        long pending = socket.pendingBytes();
        return pending == 0 || pending + bytes <= maxPendingBytes / 2;
    }

    @Override
    public void flush() {
        socket.flush();
    }

    /** Closes the transport if the client is to reconnect: the official client does not reconnect to a closed namespace. */
    @Override
    public void close(CloseReason reason) {
        socket.loop().run(() -> {
            if (closed) {
                return;
            }
            closed = true;
            closing = reason;
            if (!reason.comeBack()) {
                socket.disconnect();
            }
            if (reason.comeBack() || reason == CloseReason.TOKEN_EXPIRED) {
                socket.closeTransport();
            }
        });
    }

    // Called by the transport.

    @Override
    public void onEvent(String name, List<JsonNode> arguments, long ackId) {
        if (connection != null) {
            JsonNode data = arguments.isEmpty() ? NullNode.getInstance() : arguments.get(0);
            connection.receive(name, data, new SocketReply(ackId));
        }
    }

    @Override
    public void onUpgrade() {
        if (connection != null) {
            connection.transportChanged();
        }
    }

    @Override
    public void onDisconnect(DisconnectReason reason) {
        closed = true;
        Connection ended = connection;
        connection = null;
        if (ended != null) {
            ended.closed(closing);
        }
    }

    /** Replies to one event of the client: as an event, and as an acknowledgement if the client asked for one. */
    private final class SocketReply implements Reply {
        private final long ackId;

        SocketReply(long ackId) {
            this.ackId = ackId;
        }

        @Override
        public void event(OutboundEvent answer) {
            offer(answer);
            acknowledge(answer.data());
        }

        @Override
        public void acknowledge(byte[] json) {
            if (ackId >= 0 && socket.isConnected()) {
                ByteArrayOutputStream arguments = new ByteArrayOutputStream(json.length + 2);
                arguments.write('[');
                arguments.writeBytes(json);
                arguments.write(']');
                socket.offer(PacketEncoder.acknowledgement(socket.namespace(), ackId, arguments.toByteArray()));
            }
            socket.flush();
        }
    }
}
