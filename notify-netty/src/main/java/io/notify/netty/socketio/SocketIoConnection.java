package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.notify.netty.engineio.EncodedPacket;
import io.notify.netty.http.PortLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client in one namespace; its listener hears of nothing before the CONNECT reply and of nothing after its end.
 * Internal to notify-netty.
 *
 * <p>Belongs to the client's event loop; methods are called there unless they say otherwise. None blocks, and none throws
 * when the client is gone.
 */
public final class SocketIoConnection {
    private final SocketIoClient client;
    private final String id;
    private final String namespace;
    /** Null until it is accepted. */
    private @Nullable SocketListener listener;

    SocketIoConnection(SocketIoClient client, String id, String namespace) {
        this.client = client;
        this.id = id;
        this.namespace = namespace;
    }

    /** The client's {@code socket.id}; tells nothing of Engine.IO's session id. Any thread. */
    public String id() {
        return id;
    }

    /** With its leading slash, as the client wrote it. Any thread. */
    public String namespace() {
        return namespace;
    }

    /** Any thread. */
    public SocketIoClient client() {
        return client;
    }

    /** The event loop that owns the connection, for good. Any thread. */
    public PortLoop loop() {
        return client.loop();
    }

    /** Whether it is in its namespace. */
    public boolean isConnected() {
        return listener != null;
    }

    /**
     * Takes a packet made for this namespace, to be handed to the network at the end of the event loop's task or by
     * {@link #flush}.
     *
     * @return false if it was not taken: the client is gone, or would have more than its bound pending
     */
    public boolean offer(EncodedPacket packet) {
        return isConnected() && client.session().offer(packet);
    }

    /** As {@link #offer}, for a packet that many connections of this event loop are offered within the same task. */
    public boolean offerShared(EncodedPacket packet) {
        return isConnected() && client.session().offerShared(packet);
    }

    /** As {@link #offer}, for the packets of one event with binary: all or, if the client is too far behind, its end. */
    boolean offer(List<EncodedPacket> packets, boolean shared) {
        for (EncodedPacket packet : packets) {
            if (!(shared ? offerShared(packet) : offer(packet))) {
                client.session().close();
                return false;
            }
        }
        return true;
    }

    /** Hands what was offered to the network now. */
    public void flush() {
        client.session().flush();
    }

    /** Bytes taken, in all namespaces of the client, that the network has not. */
    public long pendingBytes() {
        return client.session().pendingBytes();
    }

    /**
     * Answers an event.
     *
     * @param ackId what came with the event
     * @param arguments may have binary
     */
    public void acknowledge(long ackId, ArrayNode arguments) {
        offer(client.encoder().acknowledgement(namespace, ackId, arguments), false);
    }

    /**
     * Puts the client out of this namespace after what was offered so far; it keeps its others and the transport, and does
     * not come back by itself.
     */
    public void disconnect() {
        if (isConnected()) {
            client.session().offer(PacketEncoder.disconnected(namespace));
            client.leave(this, DisconnectReason.SERVER_NAMESPACE_DISCONNECT);
        }
    }

    /** Closes the transport after what was offered so far; the client comes back by itself. Any thread. */
    public void closeTransport() {
        client.session().close();
    }

    @Nullable
    SocketListener listener() {
        return listener;
    }

    void listener(@Nullable SocketListener listener) {
        this.listener = listener;
    }
}
