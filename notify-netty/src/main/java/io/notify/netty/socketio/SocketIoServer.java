package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.netty.channel.EventLoopGroup;
import io.notify.netty.engineio.EngineSettings;
import io.notify.netty.http.HttpLimits;
import io.notify.netty.http.HttpPort;
import io.notify.netty.http.HttpRoutes;
import io.notify.netty.http.OriginPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A Socket.IO v5 server on a port of its own, for applications with their own events. {@link #close} releases every thread,
 * socket and buffer. Any thread.
 *
 * <pre>{@code
 * try (SocketIoServer server = SocketIoServer.builder()
 *         .port(3000)
 *         .namespace("/", namespace -> namespace.onConnect(socket ->
 *                 socket.on("message", event -> socket.emit("message-back", event.arguments().toArray()))))
 *         .start()) {
 *     ...
 * }
 * }</pre>
 */
public final class SocketIoServer implements AutoCloseable {
    private final HttpPort port;
    private final SocketIoEndpoint endpoint;
    private final Map<String, Namespace> namespaces;

    private SocketIoServer(Builder builder) {
        EngineSettings settings = new EngineSettings(
                builder.pingInterval,
                builder.pingTimeout,
                builder.maxPayload,
                builder.upgradeTimeout,
                builder.requestTimeout,
                builder.maxPendingBytes);
        port = builder.port.limits(builder.limits).build();
        PacketEncoder encoder = new PacketEncoder(builder.mapper);
        Map<String, Namespace> all = new HashMap<>();
        builder.namespaces.forEach(namespace -> all.put(namespace.name(), namespace.build(port.loops(), encoder)));
        namespaces = Map.copyOf(all);
        endpoint = new SocketIoEndpoint(
                settings, builder.connectTimeout, builder.mapper, header -> true, port.sessionLimits(), attempt -> {
                    Namespace namespace = namespaces.get(attempt.namespace());
                    return namespace == null ? null : namespace.connect(attempt);
                });
        port.listen(HttpRoutes.builder().exact(builder.path, endpoint).build());
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Returns the number of the port. It differs from the configured one if that is 0. */
    public int port() {
        return port.port();
    }

    /** Returns the number of connected clients, in any namespace. */
    public int clients() {
        return endpoint.clients();
    }

    /**
     * Returns the namespace of a name.
     *
     * @throws IllegalArgumentException if there is no such namespace
     */
    public Namespace namespace(String name) {
        Namespace namespace = namespaces.get(name);
        if (namespace == null) {
            throw new IllegalArgumentException(
                    "namespace: " + name + " (expected: one of " + namespaces.keySet() + ")");
        }
        return namespace;
    }

    /** Stops listening, disconnects every client and ends the threads. Blocks until that is done. */
    @Override
    public void close() {
        port.stopListening();
        endpoint.dropClients();
        port.close();
    }

    /** Builds a server. Settings are checked here or by {@link #start}. Not thread-safe. */
    public static final class Builder {
        private final HttpPort.Builder port = HttpPort.builder();
        private final List<Namespace.Builder> namespaces = new ArrayList<>();
        private String path = "/socket.io/";
        private Duration pingInterval = EngineSettings.defaults().pingInterval();
        private Duration pingTimeout = EngineSettings.defaults().pingTimeout();
        private Duration upgradeTimeout = EngineSettings.defaults().upgradeTimeout();
        private Duration connectTimeout = Duration.ofSeconds(45);
        private Duration requestTimeout = HttpLimits.defaults().requestTime();
        private HttpLimits limits = HttpLimits.defaults();
        private int maxPayload = EngineSettings.defaults().maxPayload();
        private int maxPendingBytes = EngineSettings.defaults().maxPendingBytes();
        private ObjectMapper mapper = new JsonMapper();

        private Builder() {}

        /** Sets the address to listen on. The default is every address. */
        public Builder host(String host) {
            port.host(host);
            return this;
        }

        /**
         * Sets the port to listen on.
         *
         * @param number 0 to 65535, 0 for any free one; 3000 by default
         */
        public Builder port(int number) {
            port.port(number);
            return this;
        }

        /** Sets the number of event loops, more than zero. The default is one per processor. */
        public Builder threads(int threads) {
            port.threads(threads);
            return this;
        }

        /** Uses the event loops of the application. {@link SocketIoServer#close} leaves them running. */
        public Builder eventLoops(EventLoopGroup eventLoops) {
            port.eventLoops(eventLoops);
            return this;
        }

        /** Sets the path of the server. The default is {@code /socket.io/}. */
        public Builder path(String path) {
            this.path = path;
            return this;
        }

        /** Sets the time from a client's pong to the next ping, more than zero. The default is 25 s. */
        public Builder pingInterval(Duration pingInterval) {
            this.pingInterval = pingInterval;
            return this;
        }

        /** Sets the time for a pong to arrive, more than zero. The default is 20 s. */
        public Builder pingTimeout(Duration pingTimeout) {
            this.pingTimeout = pingTimeout;
            return this;
        }

        /** Sets the time for an upgrade to WebSocket, more than zero. The default is 10 s. */
        public Builder upgradeTimeout(Duration upgradeTimeout) {
            this.upgradeTimeout = upgradeTimeout;
            return this;
        }

        /** Sets how long a client may stay without a namespace, more than zero. The default is 45 s. */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = connectTimeout;
            return this;
        }

        /**
         * Sets the time from the first byte to the last of a request with its body, or of a WebSocket message; more than zero.
         * Later bytes do not extend it. The default is 10 s.
         */
        public Builder requestTimeout(Duration requestTimeout) {
            limits = limits.withRequestTime(requestTimeout);
            this.requestTimeout = requestTimeout;
            return this;
        }

        /** Limits a client's packet in bytes, attachments included; more than zero. The default is 1,000,000. */
        public Builder maxPayload(int bytes) {
            maxPayload = bytes;
            return this;
        }

        /** Limits the bytes that wait for one client; more than zero. Beyond it, the client is disconnected. 1 MiB by default. */
        public Builder maxPendingBytes(int bytes) {
            maxPendingBytes = bytes;
            return this;
        }

        /**
         * Limits the number of connections, and separately that of polling sessions. Each limit is more than zero, and
         * {@link Integer#MAX_VALUE} is no limit. The defaults are unlimited, 200 and 60. Raise those per address behind a
         * proxy, which gives all clients the same address.
         */
        public Builder maxConnections(int total, int perAddress, int newPerSecondAndAddress) {
            limits = limits.withMaxConnections(total, perAddress, newPerSecondAndAddress);
            return this;
        }

        /** Allows pages of other origins, each {@code scheme://host[:port]}, or {@code *} for all. The default is none. */
        public Builder allowedOrigins(Collection<String> origins) {
            port.origins(OriginPolicy.allowing(origins));
            return this;
        }

        /** Sets the mapper that converts event arguments to JSON. */
        public Builder objectMapper(ObjectMapper mapper) {
            this.mapper = mapper;
            return this;
        }

        /**
         * Adds a namespace.
         *
         * @param name name with a leading slash
         * @throws IllegalArgumentException if the name is malformed or already in use
         */
        public Builder namespace(String name, Consumer<Namespace.Builder> settings) {
            if (namespaces.stream().anyMatch(known -> known.name().equals(name))) {
                throw new IllegalArgumentException("namespace: " + name + " is there already (expected: once)");
            }
            Namespace.Builder namespace = new Namespace.Builder(name);
            settings.accept(namespace);
            namespaces.add(namespace);
            return this;
        }

        /**
         * Starts the server. Blocks until it listens.
         *
         * @throws IllegalArgumentException naming a setting that is out of range
         * @throws java.io.UncheckedIOException naming the address, if it cannot be bound
         */
        public SocketIoServer start() {
            return new SocketIoServer(this);
        }
    }
}
