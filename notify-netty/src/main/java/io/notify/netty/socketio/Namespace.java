package io.notify.netty.socketio;

import io.notify.netty.engineio.EngineHandshake;
import io.notify.netty.http.PortLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A namespace of a {@link SocketIoServer}, with rooms of its own. Its events stay within it. Any thread. */
public final class Namespace {
    private final String name;
    private final ConnectAuthenticator authenticator;
    private final Consumer<SocketIoSocket> connectHandler;
    private final List<NamespaceShard> shards;
    private final PacketEncoder encoder;
    private final AtomicInteger sockets = new AtomicInteger();

    Namespace(Builder builder, List<PortLoop> loops, PacketEncoder encoder) {
        name = builder.name;
        authenticator = builder.authenticator;
        connectHandler = builder.connectHandler;
        this.encoder = encoder;
        List<NamespaceShard> all = new ArrayList<>();
        loops.forEach(loop -> all.add(new NamespaceShard(loop)));
        shards = List.copyOf(all);
    }

    /** Returns the name, with its leading slash. */
    public String name() {
        return name;
    }

    /** Returns the number of sockets. */
    public int sockets() {
        return sockets.get();
    }

    /** Selects the sockets in a room. */
    public Broadcast to(String room) {
        return new Broadcast(this, List.of(room), Set.of());
    }

    /** Selects all sockets but one. */
    public Broadcast except(SocketIoSocket socket) {
        return new Broadcast(this, List.of(), Set.of(socket));
    }

    /** Sends an event to all sockets, see {@link Broadcast#emit}. */
    public void emit(String event, Object... arguments) {
        new Broadcast(this, List.of(), Set.of()).emit(event, arguments);
    }

    List<NamespaceShard> shards() {
        return shards;
    }

    PacketEncoder encoder() {
        return encoder;
    }

    CompletionStage<ConnectDecision> connect(ConnectAttempt attempt) {
        EngineHandshake request = attempt.client().handshake();
        Handshake handshake = new Handshake(
                name,
                attempt.auth(),
                request.query(),
                request.headers(),
                request.remoteAddress(),
                attempt.client().isWebSocket() ? "websocket" : "polling");
        CompletionStage<Admission> admission;
        try {
            admission = authenticator.authenticate(handshake);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
        return admission.thenApply(decided -> {
            if (decided instanceof Admission.Granted granted) {
                return new ConnectDecision.Accepted(null, connection -> open(connection, handshake, granted));
            }
            return new ConnectDecision.Refused(((Admission.Refused) decided).error());
        });
    }

    private SocketListener open(SocketIoConnection connection, Handshake handshake, Admission.Granted granted) {
        NamespaceShard shard = shardOf(connection.loop());
        SocketIoSocket socket = new SocketIoSocket(this, shard, connection, handshake, granted.principal(), encoder);
        shard.add(socket);
        sockets.incrementAndGet();
        socket.guarded("connect", () -> connectHandler.accept(socket));
        return socket.listener();
    }

    void left() {
        sockets.decrementAndGet();
    }

    private NamespaceShard shardOf(PortLoop loop) {
        for (NamespaceShard shard : shards) {
            if (shard.loop() == loop) {
                return shard;
            }
        }
        throw new IllegalStateException("event loop: of another port (expected: of this server)");
    }

    /** Builds a namespace. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private ConnectAuthenticator authenticator = handshake -> CompletableFuture.completedStage(Admission.granted());
        private Consumer<SocketIoSocket> connectHandler = socket -> {};

        Builder(String name) {
            if (!name.startsWith("/") || name.length() > 255 || name.indexOf(',') >= 0) {
                throw new IllegalArgumentException(
                        "namespace: \"" + name + "\" (expected: a leading slash, no comma, at most 255 characters)");
            }
            this.name = name;
        }

        String name() {
            return name;
        }

        Namespace build(List<PortLoop> loops, PacketEncoder encoder) {
            return new Namespace(this, loops, encoder);
        }

        /** Sets the authenticator. The default admits every client. */
        public Builder authenticate(ConnectAuthenticator authenticator) {
            this.authenticator = authenticator;
            return this;
        }

        /**
         * Sets the handler of new sockets, which registers their event handlers. Called on the socket's event loop before any
         * of its events is read; must not block.
         */
        public Builder onConnect(Consumer<SocketIoSocket> handler) {
            connectHandler = handler;
            return this;
        }
    }
}
