package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.netty.engineio.EngineCloseReason;
import io.notify.netty.engineio.EngineHandshake;
import io.notify.netty.engineio.EngineListener;
import io.notify.netty.engineio.EngineSession;
import io.notify.netty.engineio.MalformedPacketException;
import io.notify.netty.http.PortLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Socket.IO client: an Engine.IO session and its connections to namespaces, at most one per namespace. Internal to
 * notify-netty. Any thread may call the public methods, unless they say otherwise.
 */
public final class SocketIoClient {
    private static final Logger log = LoggerFactory.getLogger(SocketIoClient.class);
    /** CONNECT packets per window. Each may cost a signature verification and a query, and no client needs so many. */
    private static final int MAX_CONNECTS = 50;

    private static final long CONNECT_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SocketIoEndpoint endpoint;
    private final EngineSession session;
    private final EngineHandshake handshake;
    private final PacketAssembler assembler;
    private final AtomicReference<@Nullable Object> attachment = new AtomicReference<>();

    // The session's event loop only.

    private final ArrayList<SocketIoConnection> connections = new ArrayList<>(1);
    /** Namespaces that the client has left. Packets it sent before it learned so are ignored. */
    private @Nullable Set<String> left;

    private int connects;
    private long connectsSince;

    SocketIoClient(SocketIoEndpoint endpoint, EngineSession session, EngineHandshake handshake) {
        this.endpoint = endpoint;
        this.session = session;
        this.handshake = handshake;
        assembler = new PacketAssembler(endpoint.decoder(), endpoint.maxPacketBytes());
        awaitConnect();
    }

    /** Returns the request that opened the session. */
    public EngineHandshake handshake() {
        return handshake;
    }

    /** Returns the event loop that owns the client; it never changes. */
    public PortLoop loop() {
        return session.loop();
    }

    /** Returns whether the client is on a WebSocket; otherwise it polls. Event loop only. */
    public boolean isWebSocket() {
        return session.isWebSocket();
    }

    /** Returns the attachment of the application, or null. */
    public @Nullable Object attachment() {
        return attachment.get();
    }

    /** Attaches a value unless there is an attachment. Returns the current attachment. */
    public Object attachIfNone(Object value) {
        Object before = attachment.compareAndExchange(null, value);
        return before == null ? value : before;
    }

    /** Ends the session after the packets offered so far. The client reconnects. */
    public void close() {
        session.close();
    }

    EngineSession session() {
        return session;
    }

    PacketEncoder encoder() {
        return endpoint.encoder();
    }

    EngineListener listener() {
        return new Listener();
    }

    private void awaitConnect() {
        session.wakeAt(loop().nanoTime() + endpoint.connectTimeoutNanos());
    }

    private void handle(SocketPacket packet) throws MalformedPacketException {
        SocketIoConnection connection = find(packet.namespace());
        if (packet.type() == SocketPacket.Type.CONNECT) {
            if (connection != null) {
                throw new MalformedPacketException("repeated CONNECT to a namespace (expected: once)");
            }
            countConnect();
            connect(packet.namespace(), packet.data());
            return;
        }
        if (connection == null) {
            if (left == null || !left.contains(packet.namespace())) {
                throw new MalformedPacketException("packet for a namespace without connection (expected: CONNECT)");
            }
            return;
        }
        SocketListener listener = connection.listener();
        if (packet.type() == SocketPacket.Type.DISCONNECT) {
            leave(connection, DisconnectReason.CLIENT_NAMESPACE_DISCONNECT);
        } else if (listener == null) {
            throw new MalformedPacketException("packet before the CONNECT reply (expected: none)");
        } else {
            List<JsonNode> arguments = new ArrayList<>(packet.data().size());
            packet.data().forEach(arguments::add);
            if (packet.type() == SocketPacket.Type.EVENT || packet.type() == SocketPacket.Type.BINARY_EVENT) {
                String name = arguments.remove(0).textValue();
                listener.onEvent(name, arguments, packet.ackId());
            } else {
                listener.onAcknowledgement(packet.ackId(), arguments);
            }
        }
    }

    private void countConnect() throws MalformedPacketException {
        long now = loop().nanoTime();
        if (connects == 0 || now - connectsSince >= CONNECT_WINDOW_NANOS) {
            connects = 0;
            connectsSince = now;
        }
        if (++connects > MAX_CONNECTS) {
            throw new MalformedPacketException("more than " + MAX_CONNECTS + " CONNECT packets in 10 s");
        }
    }

    private void connect(String namespace, JsonNode auth) {
        CompletionStage<ConnectDecision> decision =
                endpoint.application().connect(new ConnectAttempt(this, namespace, auth));
        if (decision == null) {
            session.offer(encoder().refused(namespace, ConnectError.INVALID_NAMESPACE));
            return;
        }
        SocketIoConnection connection = new SocketIoConnection(this, endpoint.newId(), namespace);
        connections.add(connection);
        CompletionStage<ConnectDecision> unused =
                decision.whenComplete((decided, failure) -> loop().run(() -> decided(connection, decided, failure)));
    }

    private void decided(
            SocketIoConnection connection, @Nullable ConnectDecision decision, @Nullable Throwable failure) {
        // The client is gone, or has left the namespace meanwhile.
        if (!session.isOpen() || !connections.contains(connection)) {
            return;
        }
        if (decision instanceof ConnectDecision.Accepted accepted) {
            session.cancelWake();
            session.offer(PacketEncoder.connected(connection.namespace(), connection.id(), accepted.pid()));
            // The application offers events while it opens the connection, which must count as connected before it has
            // a listener.
            connection.listener(NoListener.INSTANCE);
            SocketListener listener;
            try {
                listener = accepted.open().apply(connection);
            } catch (RuntimeException broken) {
                log.error("namespace failed to open a connection", broken);
                connection.disconnect();
                return;
            }
            if (connection.isConnected()) {
                connection.listener(listener);
            } else {
                listener.onDisconnect(DisconnectReason.SERVER_NAMESPACE_DISCONNECT);
            }
            return;
        }
        connections.remove(connection);
        ConnectError error;
        if (decision instanceof ConnectDecision.Refused refused) {
            error = refused.error();
        } else {
            log.error("namespace failed to decide about a client", failure);
            error = ConnectError.of("The server is temporarily unable to decide", "UNAVAILABLE");
        }
        session.offer(encoder().refused(connection.namespace(), error));
    }

    void leave(SocketIoConnection connection, DisconnectReason reason) {
        if (!connections.remove(connection)) {
            return;
        }
        if (left == null) {
            left = new HashSet<>(2);
        }
        left.add(connection.namespace());
        if (connections.isEmpty()) {
            awaitConnect();
        }
        end(connection, reason);
    }

    private static void end(SocketIoConnection connection, DisconnectReason reason) {
        SocketListener listener = connection.listener();
        connection.listener(null);
        if (listener != null) {
            try {
                listener.onDisconnect(reason);
            } catch (RuntimeException failure) {
                log.error("listener failed on a disconnect", failure);
            }
        }
    }

    private @Nullable SocketIoConnection find(String namespace) {
        for (SocketIoConnection connection : connections) {
            if (connection.namespace().equals(namespace)) {
                return connection;
            }
        }
        return null;
    }

    private static DisconnectReason reason(EngineCloseReason reason) {
        return switch (reason) {
            case TRANSPORT_CLOSE -> DisconnectReason.TRANSPORT_CLOSE;
            case TRANSPORT_ERROR -> DisconnectReason.TRANSPORT_ERROR;
            case PING_TIMEOUT -> DisconnectReason.PING_TIMEOUT;
            case PARSE_ERROR -> DisconnectReason.PARSE_ERROR;
            case FORCED_CLOSE -> DisconnectReason.FORCED_CLOSE;
        };
    }

    /** Receives the events of the Engine.IO session. */
    final class Listener implements EngineListener {
        SocketIoClient client() {
            return SocketIoClient.this;
        }

        @Override
        public void onText(String text) throws MalformedPacketException {
            SocketPacket packet = assembler.text(text);
            if (packet != null) {
                handle(packet);
            }
        }

        @Override
        public void onBinary(byte[] bytes) throws MalformedPacketException {
            SocketPacket packet = assembler.binary(bytes);
            if (packet != null) {
                handle(packet);
            }
        }

        @Override
        public void onUpgrade() {
            for (SocketIoConnection connection : List.copyOf(connections)) {
                SocketListener listener = connection.listener();
                if (listener != null) {
                    listener.onUpgrade();
                }
            }
        }

        @Override
        public void onWake() {
            for (SocketIoConnection connection : connections) {
                if (connection.isConnected()) {
                    return;
                }
            }
            session.close();
        }

        @Override
        public void onClose(EngineCloseReason reason) {
            List<SocketIoConnection> ending = List.copyOf(connections);
            connections.clear();
            ending.forEach(connection -> end(connection, reason(reason)));
        }
    }

    /** Placeholder while the application opens a connection. */
    private static final class NoListener implements SocketListener {
        static final NoListener INSTANCE = new NoListener();

        @Override
        public void onEvent(String name, List<JsonNode> arguments, long ackId) {}

        @Override
        public void onDisconnect(DisconnectReason reason) {}
    }
}
