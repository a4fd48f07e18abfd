package io.notify.netty;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.EventLoopGroup;
import io.notify.Lane;
import io.notify.NotificationService;
import io.notify.netty.api.NotificationApi;
import io.notify.netty.engineio.EngineSettings;
import io.notify.netty.http.HttpLimits;
import io.notify.netty.http.HttpPort;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.HttpRoutes;
import io.notify.netty.http.NetworkTransport;
import io.notify.netty.http.PortLoop;
import io.notify.netty.socketio.SocketIoEndpoint;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a {@link NotificationService} on one port: Socket.IO, plain WebSocket, Server-Sent Events and the HTTP API.
 *
 * <p>Thread-safe. {@link #close} disconnects the clients in such a way that they reconnect elsewhere, and releases the port
 * and every thread. It does not close the service.
 *
 * <pre>{@code
 * try (var server = NotifyServer.builder(service).port(3000).start()) { ... }
 * }</pre>
 */
public final class NotifyServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyServer.class);
    private static final Duration LAST_MESSAGES = Duration.ofSeconds(2);
    private static final Duration DRAIN_STEP = Duration.ofMillis(100);

    private final HttpPort port;
    private final Map<PortLoop, Lane> lanes;
    private final SocketIoEndpoint socketIo;
    private final NotificationApi api;
    private final ServerMeters meters;
    private final Set<String> paths;
    private final AtomicBoolean draining;
    private final CountDownLatch closing = new CountDownLatch(1);

    NotifyServer(
            HttpPort port,
            Map<PortLoop, Lane> lanes,
            SocketIoEndpoint socketIo,
            NotificationApi api,
            ServerMeters meters,
            Set<String> paths,
            AtomicBoolean draining) {
        this.port = port;
        this.lanes = lanes;
        this.socketIo = socketIo;
        this.api = api;
        this.meters = meters;
        this.paths = paths;
        this.draining = draining;
    }

    /** Returns a builder of a server for a service. */
    public static Builder builder(NotificationService service) {
        return new Builder(service);
    }

    /**
     * Loads the classes that {@link Builder#start} needs, which takes about a third of a second. A program that starts a
     * server soon may call this on another thread while it opens its database. Optional; blocks.
     */
    public static void preload() {
        HttpPort unbound = HttpPort.builder().threads(1).build();
        new SocketIoEndpoint(
                EngineSettings.defaults(),
                Duration.ofSeconds(1),
                new ObjectMapper(),
                header -> false,
                unbound.sessionLimits(),
                attempt -> null);
        unbound.close();
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return port.port();
    }

    /** Returns how many connections of any kind are open. */
    public int connections() {
        return port.connections();
    }

    /** Returns how many Engine.IO sessions there are, including those that have not signed in yet. */
    int socketIoSessions() {
        return socketIo.clients();
    }

    /** Returns every path that has a handler, see {@link HttpRoutes#paths}. */
    Set<String> paths() {
        return paths;
    }

    /** Returns how many deadlines are set on all event loops. Blocks until each loop has answered. */
    int deadlines() {
        return port.loops().stream()
                .mapToInt(loop -> CompletableFuture.supplyAsync(loop.deadlines()::size, loop)
                        .join())
                .sum();
    }

    /**
     * Stops listening, and reports not ready at {@code /health/ready}, so that a load balancer sends no new clients. Open
     * connections stay open until {@link #close}.
     */
    public void drain() {
        draining.set(true);
        port.stopListening();
    }

    /**
     * Drains like {@link #drain()}, then disconnects the clients evenly over a period, so that the other nodes never take
     * many at once. Notifications still reach the clients that are connected. Blocks until the period is over, all clients
     * are gone, the thread is interrupted, or {@link #close} is called.
     *
     * @param over 0 or more; a period shorter than 100 ms disconnects nobody
     * @throws IllegalArgumentException if {@code over} is negative
     */
    public void drain(Duration over) {
        if (over.isNegative()) {
            throw new IllegalArgumentException("drain: " + over.toMillis() + " ms (expected: >= 0 ms)");
        }
        drain();
        try {
            for (long left = over.toMillis() / DRAIN_STEP.toMillis(); left > 0 && port.connections() > 0; left--) {
                int parts = (int) Math.min(Integer.MAX_VALUE, left);
                lanes.values().forEach(lane -> lane.disconnectPart(parts));
                if (closing.await(DRAIN_STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Disconnects all clients and releases the port and the threads. Blocks until that is done, a few seconds at most. */
    @Override
    public void close() {
        draining.set(true);
        closing.countDown();
        port.stopListening();
        lanes.values().forEach(Lane::disconnectAll);
        awaitLastMessages();
        socketIo.dropClients();
        port.close();
        lanes.values().forEach(Lane::close);
        api.close();
        meters.close();
    }

    /** Waits until every event loop has written its last messages, so that clients learn why they are disconnected. */
    private void awaitLastMessages() {
        CountDownLatch written = new CountDownLatch(lanes.size());
        lanes.keySet().forEach(loop -> loop.execute(written::countDown));
        try {
            if (!written.await(LAST_MESSAGES.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("some event loops did not send their last messages within {} ms", LAST_MESSAGES.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Builds a server. Not thread-safe; settings that are not given have the documented defaults. */
    public static final class Builder {
        private static final int KIB = 1024;

        final NotificationService service;
        String host = "";
        int port = 3000;
        int eventLoops = Runtime.getRuntime().availableProcessors();
        NetworkTransport transport = NetworkTransport.AUTO;

        @Nullable
        EventLoopGroup hostEventLoops;

        List<String> corsOrigins = List.of();
        int maxConnections = HttpLimits.UNLIMITED;
        int maxConnectionsPerAddress = 200;
        int maxNewConnectionsPerSecond = 60;
        int maxRefusedSignIns = 60;
        Duration refusedSignInsWindow = Duration.ofSeconds(10);
        int sendLimit = 2_000;
        Duration sendWindow = Duration.ofSeconds(5);
        int maxSendBytes = 72 * KIB;
        int maxPayload = 1_000_000;
        int maxPendingBytes = KIB * KIB;
        Duration pingInterval = Duration.ofSeconds(25);
        Duration pingTimeout = Duration.ofSeconds(20);
        Duration connectTimeout = Duration.ofSeconds(45);
        Duration upgradeTimeout = Duration.ofSeconds(10);
        Duration requestTimeout = HttpLimits.defaults().requestTime();
        Duration keepAliveTimeout = HttpLimits.defaults().keepAliveTime();
        Duration sseHeartbeatInterval = Duration.ofSeconds(30);
        Duration sseCleanupInterval = Duration.ofMinutes(5);
        Clock clock = Clock.systemUTC();
        boolean devMode;
        boolean dashboard = true;

        @Nullable
        Supplier<String> scrape;

        final Map<String, HttpReply> files = new LinkedHashMap<>();

        private Builder(NotificationService service) {
            this.service = service;
        }

        /** Sets the address to listen on. The default is every address. */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /** Sets the port, 0 to 65535; 0 picks a free one. The default is 3000. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** Sets the number of event loops. The default is one per processor. */
        public Builder eventLoops(int eventLoops) {
            this.eventLoops = eventLoops;
            return this;
        }

        /** Uses the event loops of the application. {@link NotifyServer#close} leaves them running. */
        public Builder eventLoops(EventLoopGroup eventLoops) {
            this.hostEventLoops = eventLoops;
            return this;
        }

        /**
         * Sets the network transport. The default is {@code auto}, which prefers epoll.
         *
         * @param name {@code auto}, {@code epoll}, {@code io_uring} or {@code nio}
         * @throws IllegalArgumentException if the name is none of these
         */
        public Builder transport(String name) {
            this.transport = NetworkTransport.named(name);
            return this;
        }

        /**
         * Allows pages of other origins to connect. The default is none.
         *
         * @param origins each {@code scheme://host[:port]}, or {@code *} for all
         */
        public Builder corsOrigins(Collection<String> origins) {
            this.corsOrigins = List.copyOf(origins);
            return this;
        }

        /**
         * Limits the number of connections. Those beyond a limit are refused with 503. The defaults are unlimited, 200 and 60.
         *
         * <p>The same limits apply again to polling sessions, since one connection could open any number of them. An IPv6
         * address counts by its first 64 bits, which is the network of one subscriber.
         *
         * @param inAll open at once, in total
         * @param perAddress open at once from one address
         * @param newPerSecond opened by one address within a second
         */
        public Builder connectionLimits(int inAll, int perAddress, int newPerSecond) {
            this.maxConnections = inAll;
            this.maxConnectionsPerAddress = perAddress;
            this.maxNewConnectionsPerSecond = newPerSecond;
            return this;
        }

        /** Limits the refused sign-ins of one address within a window. The default is 60 in 10 s. */
        public Builder refusedSignIns(int refused, Duration window) {
            positive("refusedSignIns", refused);
            positive("refusedSignIns window", window);
            this.maxRefusedSignIns = refused;
            this.refusedSignInsWindow = window;
            return this;
        }

        /** Limits the notifications that one sender sends over HTTP within a window. The default is 2,000 in 5 s. */
        public Builder sendLimit(int notifications, Duration window) {
            positive("sendLimit", notifications);
            positive("sendLimit window", window);
            this.sendLimit = notifications;
            this.sendWindow = window;
            return this;
        }

        /** Limits the body of one send in bytes. The default is 72 KiB, which holds the largest notification. */
        public Builder maxSendBytes(int bytes) {
            positive("maxSendBytes", bytes);
            this.maxSendBytes = bytes;
            return this;
        }

        /**
         * Limits one message of a client in bytes, attachments included. Engine.IO clients learn it from their handshake. The
         * default is 1,000,000.
         */
        public Builder maxPayload(int bytes) {
            positive("maxPayload", bytes);
            this.maxPayload = bytes;
            return this;
        }

        /**
         * Limits the bytes that wait to be sent to one connection. A client beyond it is disconnected, and resumes when it
         * reconnects. The default is 1 MiB.
         */
        public Builder maxPendingBytes(int bytes) {
            positive("maxPendingBytes", bytes);
            this.maxPendingBytes = bytes;
            return this;
        }

        /**
         * Sets how often WebSocket and polling clients are pinged, and how long their pong may take. The defaults are 25 s and
         * 20 s. A peer of any kind that acknowledges no data for the sum of both is treated as gone.
         */
        public Builder ping(Duration interval, Duration timeout) {
            positive("pingInterval", interval);
            positive("pingTimeout", timeout);
            this.pingInterval = interval;
            this.pingTimeout = timeout;
            return this;
        }

        /** Limits the time a Socket.IO client may take to join a namespace. The default is 45 s. */
        public Builder connectTimeout(Duration timeout) {
            positive("connectTimeout", timeout);
            this.connectTimeout = timeout;
            return this;
        }

        /**
         * Limits the time from the first byte to the last of a request with its body, or of a WebSocket message. Later bytes do
         * not extend it. The default is 10 s.
         */
        public Builder requestTimeout(Duration timeout) {
            positive("requestTimeout", timeout);
            this.requestTimeout = timeout;
            return this;
        }

        /** Limits the time a connection may be idle between two requests. The default is 75 s. */
        public Builder keepAliveTimeout(Duration timeout) {
            positive("keepAliveTimeout", timeout);
            this.keepAliveTimeout = timeout;
            return this;
        }

        /** Limits the time of an upgrade from polling to WebSocket. The default is 10 s. */
        public Builder upgradeTimeout(Duration timeout) {
            positive("upgradeTimeout", timeout);
            this.upgradeTimeout = timeout;
            return this;
        }

        /**
         * Sets the intervals of Server-Sent Events.
         *
         * @param heartbeatInterval between two heartbeat comments; 30 s by default
         * @param cleanupInterval after which a stream whose client reads nothing is closed; 5 min by default
         */
        public Builder sse(Duration heartbeatInterval, Duration cleanupInterval) {
            positive("sseHeartbeatInterval", heartbeatInterval);
            positive("sseCleanupInterval", cleanupInterval);
            this.sseHeartbeatInterval = heartbeatInterval;
            this.sseCleanupInterval = cleanupInterval;
            return this;
        }

        /** Sets the wall clock. The default is {@link Clock#systemUTC}. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Serves a file without authentication, such as a page of the application.
         *
         * @param path such as {@code /inbox/index.html}
         * @param contentType such as {@code text/html; charset=UTF-8}
         * @param content the file; not copied
         */
        public Builder file(String path, String contentType, byte[] content) {
            files.put(
                    path,
                    HttpReply.of(200, contentType, content)
                            .withHeader("Cache-Control", "no-cache")
                            .withHeader("X-Content-Type-Options", "nosniff"));
            return this;
        }

        /**
         * Serves {@code GET /metrics} without authentication. By default there is no such path. The meters are registered with
         * {@link NotificationService#meters()}.
         *
         * @param scrape renders the meters in the Prometheus text format, like {@code PrometheusMeterRegistry::scrape}; called
         *     on a dedicated thread
         */
        public Builder metrics(Supplier<String> scrape) {
            this.scrape = scrape;
            return this;
        }

        /** Sets whether {@code /admin/} serves the dashboard. The default is yes. Its data requires an ADMIN token. */
        public Builder dashboard(boolean dashboard) {
            this.dashboard = dashboard;
            return this;
        }

        /** Sets whether {@code POST /dev/notifications/test} exists. The default is no. */
        public Builder devMode(boolean devMode) {
            this.devMode = devMode;
            return this;
        }

        /**
         * Starts the server. Blocks until it listens.
         *
         * @throws IllegalArgumentException naming the setting that is out of range
         * @throws java.io.UncheckedIOException naming the address, if it cannot be bound
         * @throws io.notify.netty.http.TransportUnavailableException if this machine does not support the transport
         */
        public NotifyServer start() {
            return ServerAssembly.start(new ServerConfig(this));
        }

        private static void positive(String name, long value) {
            if (value <= 0) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
            }
        }

        private static void positive(String name, Duration value) {
            if (value.toMillis() <= 0) {
                throw new IllegalArgumentException(name + ": " + value.toMillis() + " ms (expected: > 0 ms)");
            }
        }
    }
}
