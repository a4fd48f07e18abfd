package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.notify.netty.engineio.EncodedPacket;
import io.notify.netty.http.Deadline;
import io.notify.netty.http.PortLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client in one namespace, as a host sees it.
 *
 * <p>Every method may be called by any thread and none blocks; what is done by one thread is done in its order. Handlers are
 * called on the socket's event loop, one at a time, and must not block. One that throws is logged, and the client gets an
 * {@code error} event; the connection goes on. A client that does not take what is sent to it, by default up to 1 MiB, is
 * disconnected.
 */
public final class SocketIoSocket {
    private static final Logger log = LoggerFactory.getLogger(SocketIoSocket.class);

    private final Namespace namespace;
    private final NamespaceShard shard;
    private final SocketIoConnection connection;
    private final Handshake handshake;
    private final @Nullable Object principal;
    private final PacketEncoder encoder;

    // Of the event loop.
    private final Map<String, Consumer<IncomingEvent>> handlers = new HashMap<>();
    private final Set<String> rooms = new HashSet<>();
    private final Map<Long, PendingAck> pendingAcks = new HashMap<>();
    private @Nullable Consumer<IncomingEvent> anyHandler;
    private @Nullable Consumer<DisconnectReason> disconnectHandler;
    private @Nullable DisconnectReason disconnected;
    private long lastAckId = -1;

    SocketIoSocket(
            Namespace namespace,
            NamespaceShard shard,
            SocketIoConnection connection,
            Handshake handshake,
            @Nullable Object principal,
            PacketEncoder encoder) {
        this.namespace = namespace;
        this.shard = shard;
        this.connection = connection;
        this.handshake = handshake;
        this.principal = principal;
        this.encoder = encoder;
    }

    /** The client's own {@code socket.id}. */
    public String id() {
        return connection.id();
    }

    public Namespace namespace() {
        return namespace;
    }

    public Handshake handshake() {
        return handshake;
    }

    /** Who the client is, if its {@link ConnectAuthenticator} said so. */
    public @Nullable Object principal() {
        return principal;
    }

    /** Says what to do with an event; replaces what was said before. Events without a handler are dropped. */
    public void on(String event, Consumer<IncomingEvent> handler) {
        loop().run(() -> handlers.put(event, handler));
    }

    /** Says what to do with events that have no handler of their own. */
    public void onAny(Consumer<IncomingEvent> handler) {
        loop().run(() -> anyHandler = handler);
    }

    /** Says what to do when the socket is out of its namespace; done once, at once if it is. */
    public void onDisconnect(Consumer<DisconnectReason> handler) {
        loop().run(() -> {
            if (disconnected == null) {
                disconnectHandler = handler;
            } else {
                guarded("disconnect", () -> handler.accept(Objects.requireNonNull(disconnected)));
            }
        });
    }

    /**
     * Sends an event. Dropped silently if the client is gone.
     *
     * @param arguments anything that the server's ObjectMapper turns into JSON; {@code byte[]} and {@code ByteBuffer},
     *     also within others, go as binary
     * @throws IllegalArgumentException if the name is reserved or an argument cannot be turned into JSON
     */
    public void emit(String event, Object... arguments) {
        List<EncodedPacket> packets =
                encoder.event(connection.namespace(), SocketPacket.NO_ACK, encoder.arguments(event, arguments));
        loop().run(() -> offer(packets, false));
    }

    /**
     * Sends an event and waits, without blocking, for its acknowledgement.
     *
     * @param timeout more than zero
     * @return completed on the socket's event loop with the client's arguments; with {@link TimeoutException} if they do
     *     not come in time; with {@link IllegalStateException} if the client is gone
     * @throws IllegalArgumentException as of {@link #emit}
     */
    public CompletionStage<List<JsonNode>> emitWithAck(Duration timeout, String event, Object... arguments) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout.toMillis() + " ms (expected: > 0 ms)");
        }
        ArrayNode array = encoder.arguments(event, arguments);
        CompletableFuture<List<JsonNode>> answer = new CompletableFuture<>();
        loop().run(() -> {
            if (disconnected != null) {
                answer.completeExceptionally(gone());
                return;
            }
            long ackId = ++lastAckId;
            PendingAck pending = new PendingAck(ackId, answer);
            pendingAcks.put(ackId, pending);
            loop().deadlines().set(pending.deadline, loop().nanoTime() + timeout.toNanos());
            offer(encoder.event(connection.namespace(), ackId, array), false);
        });
        return answer;
    }

    /** Puts the socket into a room, which comes to be by it. */
    public void join(String room) {
        loop().run(() -> {
            if (disconnected == null && rooms.add(room)) {
                shard.join(room, this);
            }
        });
    }

    /** Takes the socket out of a room. */
    public void leave(String room) {
        loop().run(() -> {
            if (rooms.remove(room)) {
                shard.leave(room, this);
            }
        });
    }

    /** Puts the client out of this namespace; it keeps its others, and does not come back by itself. */
    public void disconnect() {
        loop().run(connection::disconnect);
    }

    /** Closes the client's connection with all its namespaces; it comes back by itself. */
    public void closeTransport() {
        connection.closeTransport();
    }

    PortLoop loop() {
        return connection.loop();
    }

    void acknowledge(long ackId, Object... arguments) {
        ArrayNode array = encoder.arguments(arguments);
        loop().run(() -> connection.acknowledge(ackId, array));
    }

    void offer(List<EncodedPacket> packets, boolean shared) {
        if (connection.isConnected()) {
            connection.offer(packets, shared);
        }
    }

    SocketListener listener() {
        return new Listener();
    }

    void guarded(String what, Runnable handler) {
        try {
            handler.run();
        } catch (RuntimeException failure) {
            log.error("A handler failed in namespace {}", namespace.name(), failure);
            ObjectNode error = JsonNodeFactory.instance
                    .objectNode()
                    .put("code", "INTERNAL")
                    .put("message", "The event could not be handled")
                    .put("event", what);
            emit("error", error);
        }
    }

    private static IllegalStateException gone() {
        return new IllegalStateException("socket: disconnected (expected: an acknowledgement)");
    }

    private final class Listener implements SocketListener {
        @Override
        public void onEvent(String name, List<JsonNode> arguments, long ackId) {
            Consumer<IncomingEvent> handler = handlers.getOrDefault(name, anyHandler);
            if (handler != null) {
                IncomingEvent event = new IncomingEvent(SocketIoSocket.this, name, arguments, ackId);
                guarded(name, () -> handler.accept(event));
            }
        }

        @Override
        public void onAcknowledgement(long ackId, List<JsonNode> arguments) {
            PendingAck pending = pendingAcks.remove(ackId);
            if (pending != null) {
                loop().deadlines().clear(pending.deadline);
                pending.answer.complete(arguments);
            }
        }

        @Override
        public void onDisconnect(DisconnectReason reason) {
            disconnected = reason;
            shard.remove(SocketIoSocket.this, rooms);
            rooms.clear();
            namespace.left();
            for (PendingAck pending : pendingAcks.values()) {
                loop().deadlines().clear(pending.deadline);
                pending.answer.completeExceptionally(gone());
            }
            pendingAcks.clear();
            Consumer<DisconnectReason> handler = disconnectHandler;
            if (handler != null) {
                guarded("disconnect", () -> handler.accept(reason));
            }
        }
    }

    /** An acknowledgement that has not come. */
    private final class PendingAck {
        private final CompletableFuture<List<JsonNode>> answer;
        private final Deadline deadline;

        PendingAck(long ackId, CompletableFuture<List<JsonNode>> answer) {
            this.answer = answer;
            deadline = new Deadline(now -> {
                pendingAcks.remove(ackId);
                answer.completeExceptionally(new TimeoutException("no acknowledgement came in time"));
            });
        }
    }
}
