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
 * One client in one namespace, for use by the application.
 *
 * <p>Any thread may call the methods. They do not block, and the calls of one thread take effect in order. Handlers are
 * called on the socket's event loop, one at a time, and must not block. If a handler throws, the exception is logged and the
 * client gets an {@code error} event; the connection stays open. A client that does not read what is sent to it is
 * disconnected; the default limit is 1 MiB.
 */
public final class SocketIoSocket {
    private static final Logger log = LoggerFactory.getLogger(SocketIoSocket.class);

    private final Namespace namespace;
    private final NamespaceShard shard;
    private final SocketIoConnection connection;
    private final Handshake handshake;
    private final @Nullable Object principal;
    private final PacketEncoder encoder;

    // The event loop only.

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

    /** Returns the client's {@code socket.id}. */
    public String id() {
        return connection.id();
    }

    public Namespace namespace() {
        return namespace;
    }

    public Handshake handshake() {
        return handshake;
    }

    /** Returns the principal that the {@link ConnectAuthenticator} assigned, or null. */
    public @Nullable Object principal() {
        return principal;
    }

    /** Sets the handler of an event, and replaces an earlier one. Events without a handler are ignored. */
    public void on(String event, Consumer<IncomingEvent> handler) {
        loop().run(() -> handlers.put(event, handler));
    }

    /** Sets the handler of events that have no handler of their own. */
    public void onAny(Consumer<IncomingEvent> handler) {
        loop().run(() -> anyHandler = handler);
    }

    /** Sets the handler of the disconnect. It runs once, and at once if the socket has disconnected. */
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
     * Sends an event. Does nothing if the client is gone.
     *
     * @param arguments values that the server's ObjectMapper converts to JSON; {@code byte[]} and {@code ByteBuffer} are sent
     *     as binary, even if nested
     * @throws IllegalArgumentException if the name is reserved or an argument cannot be converted to JSON
     */
    public void emit(String event, Object... arguments) {
        List<EncodedPacket> packets =
                encoder.event(connection.namespace(), SocketPacket.NO_ACK, encoder.arguments(event, arguments));
        loop().run(() -> offer(packets, false));
    }

    /**
     * Sends an event and asks for its acknowledgement. Does not block.
     *
     * @param timeout time for the acknowledgement to arrive, more than zero
     * @return a stage that completes on the socket's event loop with the client's arguments; with {@link TimeoutException} if
     *     they do not arrive in time; with {@link IllegalStateException} if the client is gone
     * @throws IllegalArgumentException see {@link #emit}
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

    /** Adds the socket to a room. */
    public void join(String room) {
        loop().run(() -> {
            if (disconnected == null && rooms.add(room)) {
                shard.join(room, this);
            }
        });
    }

    /** Removes the socket from a room. */
    public void leave(String room) {
        loop().run(() -> {
            if (rooms.remove(room)) {
                shard.leave(room, this);
            }
        });
    }

    /** Disconnects the client from this namespace only. The client does not reconnect. */
    public void disconnect() {
        loop().run(connection::disconnect);
    }

    /** Closes the client's connection, with all its namespaces. The client reconnects. */
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
            log.error("handler failed in namespace {}", namespace.name(), failure);
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

    /** An acknowledgement that has not arrived yet. */
    private final class PendingAck {
        private final CompletableFuture<List<JsonNode>> answer;
        private final Deadline deadline;

        PendingAck(long ackId, CompletableFuture<List<JsonNode>> answer) {
            this.answer = answer;
            deadline = new Deadline(now -> {
                pendingAcks.remove(ackId);
                answer.completeExceptionally(new TimeoutException("no acknowledgement arrived in time"));
            });
        }
    }
}
