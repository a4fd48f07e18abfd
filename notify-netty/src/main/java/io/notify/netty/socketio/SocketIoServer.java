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
 * A Socket.IO v5 server on a port of its own, for hosts that want events of their own; {@link #close} gives back every
 * thread, port and buffer. Any thread.
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

    /** The port that it listens on; differs from the one asked for if that was 0. */
    public int port() {
        return port.port();
    }

    /** How many clients are connected, whatever their namespaces. */
    public int clients() {
        return endpoint.clients();
    }

    /**
     * A namespace by its name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Namespace namespace(String name) {
        Namespace namespace = namespaces.get(name);
        if (namespace == null) {
            throw new IllegalArgumentException(
                    "namespace: " + name + " (expected: one of " + namespaces.keySet() + ")");
        }
        return namespace;
    }

    /** Stops listening, drops every client and ends the threads. Blocks until that is done. */
    @Override
    public void close() {
        port.stopListening();
        endpoint.dropClients();
        port.close();
    }

    /** Collects settings; each is checked where it is given or at {@link #start}. Not for several threads. */
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

        /** The address to listen on; all by default. */
        public Builder host(String host) {
            port.host(host);
            return this;
        }

        /**
         * The port to listen on.
         *
         * @param number 0 for any free one, to 65535; 3000 by default
         */
        public Builder port(int number) {
            port.port(number);
            return this;
        }

        /** How many event loops, more than zero; as many as there are processors by default. */
        public Builder threads(int threads) {
            port.threads(threads);
            return this;
        }

        /** The host's own event loops, which {@link SocketIoServer#close} leaves running. */
        public Builder eventLoops(EventLoopGroup eventLoops) {
            port.eventLoops(eventLoops);
            return this;
        }

        /** Where clients ask; {@code /socket.io/} by default. */
        public Builder path(String path) {
            this.path = path;
            return this;
        }

        /** Between a client's last pong and the next ping, more than zero; 25 s by default. */
        public Builder pingInterval(Duration pingInterval) {
            this.pingInterval = pingInterval;
            return this;
        }

        /** For a pong, more than zero; 20 s by default. */
        public Builder pingTimeout(Duration pingTimeout) {
            this.pingTimeout = pingTimeout;
            return this;
        }

        /** For an upgrade to WebSocket, more than zero; 10 s by default. */
        public Builder upgradeTimeout(Duration upgradeTimeout) {
            this.upgradeTimeout = upgradeTimeout;
            return this;
        }

        /** That a client may be in no namespace, more than zero; 45 s by default. */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = connectTimeout;
            return this;
        }

        /**
         * For a request with its body to come in, counted from its first byte and not begun anew by any other, more than zero;
         * also for a WebSocket message. 10 s by default.
         */
        public Builder requestTimeout(Duration requestTimeout) {
            limits = limits.withRequestTime(requestTimeout);
            this.requestTimeout = requestTimeout;
            return this;
        }

        /** Bytes of a packet from a client, with its attachments, more than zero; 1,000,000 by default. */
        public Builder maxPayload(int bytes) {
            maxPayload = bytes;
            return this;
        }

        /** Bytes for a client that it has not taken, more than zero; 1 MiB by default. Beyond that it is disconnected. */
        public Builder maxPendingBytes(int bytes) {
            maxPendingBytes = bytes;
            return this;
        }

        /**
         * Limits of connections, each more than zero; {@link Integer#MAX_VALUE} is no limit. Any number, 200 and 60 by
         * default: behind a proxy all have one address. A session that polls counts as a connection does.
         */
        public Builder maxConnections(int inAll, int perAddress, int newPerSecondAndAddress) {
            limits = limits.withMaxConnections(inAll, perAddress, newPerSecondAndAddress);
            return this;
        }

        /** Web pages that may connect, each {@code scheme://host[:port]}, or {@code *}; the same origin by default. */
        public Builder allowedOrigins(Collection<String> origins) {
            port.origins(OriginPolicy.allowing(origins));
            return this;
        }

        /** Turns what is emitted into JSON. */
        public Builder objectMapper(ObjectMapper mapper) {
            this.mapper = mapper;
            return this;
        }

        /**
         * Adds a namespace.
         *
         * @param name with a leading slash
         * @throws IllegalArgumentException if it is there already, or is no name
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
         * Begins to listen; blocks until it does.
         *
         * @throws IllegalArgumentException naming a setting that is out of range
         * @throws java.io.UncheckedIOException naming the address, if it cannot be bound
         */
        public SocketIoServer start() {
            return new SocketIoServer(this);
        }
    }
}
