package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.notify.netty.engineio.EncodedPacket;
import io.notify.netty.http.PortLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one client to one namespace. Its listener gets no events before the CONNECT reply and none after the
 * end. Internal to notify-netty.
 *
 * <p>A connection belongs to the client's event loop. Methods are called there unless they say otherwise. They do not
 * block, and they do not throw if the client is gone.
 */
public final class SocketIoConnection {
    private final SocketIoClient client;
    private final String id;
    private final String namespace;
    /** Null before the connection is accepted and after it has ended. */
    private @Nullable SocketListener listener;

    SocketIoConnection(SocketIoClient client, String id, String namespace) {
        this.client = client;
        this.id = id;
        this.namespace = namespace;
    }

    /** Returns the client's {@code socket.id}, which is unrelated to the secret session id of Engine.IO. Any thread. */
    public String id() {
        return id;
    }

    /** Returns the name of the namespace as the client sent it, with a leading slash. Any thread. */
    public String namespace() {
        return namespace;
    }

    /** Returns the client. Any thread. */
    public SocketIoClient client() {
        return client;
    }

    /** Returns the event loop that owns the connection; it never changes. Any thread. */
    public PortLoop loop() {
        return client.loop();
    }

    /** Returns whether the client is connected to the namespace. */
    public boolean isConnected() {
        return listener != null;
    }

    /**
     * Queues a packet of this namespace. It is sent at the end of the event loop's current task, or by {@link #flush}.
     *
     * @return false if the packet was rejected: the client is gone, or its limit of pending bytes would be exceeded
     */
    public boolean offer(EncodedPacket packet) {
        return isConnected() && client.session().offer(packet);
    }

    /** Like {@link #offer}, for a packet that is offered to many connections of this event loop within the same task. */
    public boolean offerShared(EncodedPacket packet) {
        return isConnected() && client.session().offerShared(packet);
    }

    /** Queues the packets of one event with attachments. Closes the session if not all of them are accepted. */
    boolean offer(List<EncodedPacket> packets, boolean shared) {
        for (EncodedPacket packet : packets) {
            if (!(shared ? offerShared(packet) : offer(packet))) {
                client.session().close();
                return false;
            }
        }
        return true;
    }

    /** Sends the queued packets now. */
    public void flush() {
        client.session().flush();
    }

    /** Returns the bytes accepted in all namespaces of the client and not yet taken by the network. */
    public long pendingBytes() {
        return client.session().pendingBytes();
    }

    /**
     * Acknowledges an event.
     *
     * @param ackId id that came with the event
     * @param arguments may contain binary values
     */
    public void acknowledge(long ackId, ArrayNode arguments) {
        offer(client.encoder().acknowledgement(namespace, ackId, arguments), false);
    }

    /**
     * Disconnects the client from this namespace after the packets offered so far. Its transport and its other namespaces
     * stay connected. The client does not reconnect.
     */
    public void disconnect() {
        if (isConnected()) {
            client.session().offer(PacketEncoder.disconnected(namespace));
            client.leave(this, DisconnectReason.SERVER_NAMESPACE_DISCONNECT);
        }
    }

    /** Closes the transport after the packets offered so far. The client reconnects. Any thread. */
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
