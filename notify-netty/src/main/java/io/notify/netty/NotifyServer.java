package io.notify.netty;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.notify.Lane;
import io.notify.NotificationService;
import io.notify.netty.api.NotificationApi;
import io.notify.netty.dashboard.Dashboard;
import io.notify.netty.engineio.EngineSettings;
import io.notify.netty.engineio.SecretIds;
import io.notify.netty.http.HttpHandler;
import io.notify.netty.http.HttpLimits;
import io.notify.netty.http.HttpPort;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.HttpRoutes;
import io.notify.netty.http.NetworkTransport;
import io.notify.netty.http.OriginPolicy;
import io.notify.netty.http.PortLoop;
import io.notify.netty.signin.SignIn;
import io.notify.netty.socketio.SocketIoEndpoint;
import io.notify.netty.sse.SseHandler;
import io.notify.netty.sse.SseTestHandler;
import io.notify.netty.websocket.PlainWebSocketHandler;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a {@link NotificationService} on one port: Socket.IO, plain WebSocket, Server-Sent Events and the HTTP API.
 *
 * <p>Thread-safe once started. {@link #close} gives back the port and every thread, and disconnects the clients so that
 * they come back elsewhere; it does not close the service.
 *
 * <pre>{@code
 * try (var server = NotifyServer.builder(service).port(3000).start()) { ... }
 * }</pre>
 */
public final class NotifyServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyServer.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final Duration DRAIN_STEP = Duration.ofMillis(100);

    private final HttpPort port;
    private final Map<PortLoop, Lane> lanes;
    private final SocketIoEndpoint socketIo;
    private final NotificationApi api;
    private final ServerMeters meters;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Set<String> paths;
    private volatile boolean draining;

    // Every way in, in one place: what answers which path.
    private NotifyServer(Builder b, HttpPort port, Map<PortLoop, Lane> lanes) {
        this.port = port;
        this.lanes = lanes;
        Function<PortLoop, Lane> laneOf = loop -> Objects.requireNonNull(lanes.get(loop));
        SignIn signIn = new SignIn(b.service.gateway(), b.maxRefusedSignIns, b.refusedSignInsWindow, System::nanoTime);
        SecretIds ids = new SecretIds();

        HttpHandler plain = new PlainWebSocketHandler(
                b.service.gateway(),
                signIn,
                laneOf,
                ids,
                new PlainWebSocketHandler.Settings(
                        b.maxPayload, b.requestTimeout, b.maxPendingBytes, b.pingInterval, b.pingTimeout));
        this.socketIo = new SocketIoEndpoint(
                b.engineSettings(),
                b.connectTimeout,
                new ObjectMapper(),
                HttpHeaderNames.AUTHORIZATION::contentEqualsIgnoreCase,
                port.sessionLimits(),
                new NotificationNamespaces(b.service.gateway(), signIn, laneOf, b.maxPendingBytes));

        HttpRoutes.Builder routes = HttpRoutes.builder();
        routes.prefix("/socket.io/", socketIo);
        HttpHandler either = exchange -> (isEngine(exchange.queryParameter("EIO"), exchange.queryParameter("transport"))
                        ? socketIo
                        : plain)
                .handle(exchange);
        routes.exact("/ws/notifications", either);
        routes.exact("/ws/notifications/", either);
        routes.exact(
                "/notifications/sse",
                new SseHandler(
                        b.service.gateway(),
                        signIn,
                        laneOf,
                        ids,
                        new SseHandler.Settings(b.sseHeartbeatInterval, b.sseCleanupInterval, b.maxPendingBytes)));
        routes.exact("/notifications/sse/test", new SseTestHandler(b.clock));
        this.api = new NotificationApi(
                b.service,
                signIn,
                new NotificationApi.Settings(
                        b.devMode,
                        b.maxSendBytes,
                        b.sendLimit,
                        b.sendWindow,
                        b.clock,
                        System::nanoTime,
                        () -> draining,
                        b.scrape,
                        b.dashboard));
        api.addTo(routes);
        if (b.dashboard) {
            Dashboard.addTo(routes);
        }
        b.files.forEach((path, file) -> routes.exact(path, get(file)));
        HttpRoutes all = routes.build();
        this.paths = all.paths();
        port.listen(all);
        this.meters = new ServerMeters(b.service.meters(), port, socketIo, signIn, api);
    }

    private static HttpHandler get(HttpReply file) {
        return exchange -> exchange.reply(
                exchange.method().equals("GET")
                        ? file
                        : HttpReply.problem(405, "Allowed here: GET").withHeader("Allow", "GET"));
    }

    private static boolean isEngine(@Nullable String version, @Nullable String transport) {
        return version != null && transport != null;
    }

    /** Collects a server's settings around a service. */
    public static Builder builder(NotificationService service) {
        return new Builder(service);
    }

    /**
     * Loads the classes that {@link Builder#start} will need, which takes a third of a second. A program that wants to listen
     * soon calls it on a thread of its own while it opens its database; doing without is as good otherwise. Blocks.
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

    /** The port it listens on. */
    public int port() {
        return port.port();
    }

    /** Connections open now, of every kind. */
    public int connections() {
        return port.connections();
    }

    /** Engine.IO sessions, also those that have not signed in yet. */
    int socketIoSessions() {
        return socketIo.clients();
    }

    /** Every path that something answers, see {@link HttpRoutes#paths}. */
    Set<String> paths() {
        return paths;
    }

    /** Deadlines that are set, on all event loops; blocks until each has counted its own. */
    int deadlines() {
        return port.loops().stream()
                .mapToInt(loop -> CompletableFuture.supplyAsync(loop.deadlines()::size, loop)
                        .join())
                .sum();
    }

    /**
     * Stops listening and says so in {@code /health/ready}, so that a balancer sends nobody more; connections live on until
     * {@link #close}.
     */
    public void drain() {
        draining = true;
        port.stopListening();
    }

    /**
     * As {@link #drain()}, and then tells everybody to come back elsewhere, evenly over a time, so that those who take them
     * never have many at once. What is sent meanwhile still reaches those who are left. Blocks for that time, less if all are
     * gone before, if it is interrupted or if {@link #close} is called.
     *
     * @param over 0 or more; a tenth of a second is as good as none
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

    /** Disconnects everybody and gives back the port and the threads. Blocks until it is done, at most some seconds. */
    @Override
    public void close() {
        draining = true;
        closing.countDown();
        port.stopListening();
        lanes.values().forEach(Lane::disconnectAll);
        awaitLoops();
        socketIo.dropClients();
        port.close();
        lanes.values().forEach(Lane::close);
        api.close();
        meters.close();
    }

    /** Lets every loop write what it was told to write, so that clients hear why they are cut off. */
    private void awaitLoops() {
        CountDownLatch written = new CountDownLatch(lanes.size());
        lanes.keySet().forEach(loop -> loop.execute(written::countDown));
        try {
            if (!written.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("some event loops were too busy to say goodbye to their clients");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Collects and checks a server's settings; not for several threads. Whatever is not said has the default named. */
    public static final class Builder {
        private static final int KIB = 1024;

        final NotificationService service;
        private String host = "";
        private int port = 3000;
        private int eventLoops = Runtime.getRuntime().availableProcessors();
        private NetworkTransport transport = NetworkTransport.AUTO;
        private @Nullable EventLoopGroup hostEventLoops;
        private List<String> corsOrigins = List.of();
        private int maxConnections = HttpLimits.UNLIMITED;
        private int maxConnectionsPerAddress = 200;
        private int maxNewConnectionsPerSecond = 60;
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
        private Duration keepAliveTimeout = HttpLimits.defaults().keepAliveTime();
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

        /** The address to listen on; the default is all. */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /** The port, 0 to 65535; 0 takes a free one. The default is 3000. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** How many event loops; the default is one for each processor. */
        public Builder eventLoops(int eventLoops) {
            this.eventLoops = eventLoops;
            return this;
        }

        /** The host's own event loops, which {@link NotifyServer#close} leaves running. */
        public Builder eventLoops(EventLoopGroup eventLoops) {
            this.hostEventLoops = eventLoops;
            return this;
        }

        /**
         * How the network is reached; the default is {@code auto}.
         *
         * @param name {@code auto}, {@code epoll}, {@code io_uring} or {@code nio}
         * @throws IllegalArgumentException if it is none of them
         */
        public Builder transport(String name) {
            this.transport = NetworkTransport.named(name);
            return this;
        }

        /**
         * Which pages of other origins may connect; the default is none.
         *
         * @param origins each {@code scheme://host[:port]}, or {@code *} for all
         */
        public Builder corsOrigins(Collection<String> origins) {
            this.corsOrigins = List.copyOf(origins);
            return this;
        }

        /**
         * How many connections are borne; beyond, they are refused with 503. The defaults are any number, 200 and 60.
         *
         * <p>Sessions that poll are counted as well, by the same numbers: one connection could open any number of them. Addresses
         * of IPv6 count by their first 64 bits, which is what one subscriber is given.
         *
         * @param inAll open at once
         * @param perAddress open at once from one address
         * @param newPerSecond new from one address within a second
         */
        public Builder connectionLimits(int inAll, int perAddress, int newPerSecond) {
            this.maxConnections = inAll;
            this.maxConnectionsPerAddress = perAddress;
            this.maxNewConnectionsPerSecond = newPerSecond;
            return this;
        }

        /** How many refused sign-ins one address may collect within a window; the default is 60 in 10 s. */
        public Builder refusedSignIns(int refused, Duration window) {
            positive("refusedSignIns", refused);
            positive("refusedSignIns window", window);
            this.maxRefusedSignIns = refused;
            this.refusedSignInsWindow = window;
            return this;
        }

        /** How many notifications one sender may send over HTTP within a window; the default is 2,000 in 5 s. */
        public Builder sendLimit(int notifications, Duration window) {
            positive("sendLimit", notifications);
            positive("sendLimit window", window);
            this.sendLimit = notifications;
            this.sendWindow = window;
            return this;
        }

        /** The largest body of one send in bytes; the default is 72 KiB, which holds the largest notification. */
        public Builder maxSendBytes(int bytes) {
            positive("maxSendBytes", bytes);
            this.maxSendBytes = bytes;
            return this;
        }

        /**
         * The largest message a client may send in bytes, with its attachments, as Engine.IO's handshake says; the default is
         * 1,000,000.
         */
        public Builder maxPayload(int bytes) {
            positive("maxPayload", bytes);
            this.maxPayload = bytes;
            return this;
        }

        /** What may wait for one connection's network, in bytes; beyond, it is closed and resumes. The default is 1 MiB. */
        public Builder maxPendingBytes(int bytes) {
            positive("maxPendingBytes", bytes);
            this.maxPendingBytes = bytes;
            return this;
        }

        /**
         * How often WebSocket and polling clients are pinged, and how long their answer may take; 25 s and 20 s. A peer of any
         * kind that takes nothing of what was sent for as long as both has vanished.
         */
        public Builder ping(Duration interval, Duration timeout) {
            positive("pingInterval", interval);
            positive("pingTimeout", timeout);
            this.pingInterval = interval;
            this.pingTimeout = timeout;
            return this;
        }

        /** How long a Socket.IO client may take to join a namespace; the default is 45 s. */
        public Builder connectTimeout(Duration timeout) {
            positive("connectTimeout", timeout);
            this.connectTimeout = timeout;
            return this;
        }

        /**
         * How long a request with its body may take to come in, counted from its first byte and not begun anew by any other;
         * also a WebSocket message. The default is 10 s.
         */
        public Builder requestTimeout(Duration timeout) {
            positive("requestTimeout", timeout);
            this.requestTimeout = timeout;
            return this;
        }

        /** How long a connection may stay without a request; the default is 75 s. */
        public Builder keepAliveTimeout(Duration timeout) {
            positive("keepAliveTimeout", timeout);
            this.keepAliveTimeout = timeout;
            return this;
        }

        /** How long an upgrade from polling may take; the default is 10 s. */
        public Builder upgradeTimeout(Duration timeout) {
            positive("upgradeTimeout", timeout);
            this.upgradeTimeout = timeout;
            return this;
        }

        /**
         * How event streams are kept.
         *
         * @param heartbeatInterval between two comments, 30 s by default
         * @param cleanupInterval after which a stream that takes nothing is ended, 5 min by default
         */
        public Builder sse(Duration heartbeatInterval, Duration cleanupInterval) {
            positive("sseHeartbeatInterval", heartbeatInterval);
            positive("sseCleanupInterval", cleanupInterval);
            this.sseHeartbeatInterval = heartbeatInterval;
            this.sseCleanupInterval = cleanupInterval;
            return this;
        }

        /** The wall clock; the default is the system's. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Serves a file to anybody, such as a page for one's own clients.
         *
         * @param path as {@code /inbox/index.html}
         * @param contentType as {@code text/html; charset=UTF-8}
         * @param content what is served; not copied
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
         * Answers {@code GET /metrics}, which needs no token; without it there is none. The meters are in
         * {@link NotificationService#meters()}.
         *
         * @param scrape renders them as Prometheus' text, as {@code PrometheusMeterRegistry::scrape} does; called on a
         *     thread of the server's own
         */
        public Builder metrics(Supplier<String> scrape) {
            this.scrape = scrape;
            return this;
        }

        /** Whether the operators' page is served at {@code /admin/}; the default is yes. What it shows needs an ADMIN token. */
        public Builder dashboard(boolean dashboard) {
            this.dashboard = dashboard;
            return this;
        }

        /** Whether {@code POST /dev/notifications/test} exists; the default is no. */
        public Builder devMode(boolean devMode) {
            this.devMode = devMode;
            return this;
        }

        /**
         * Listens.
         *
         * @throws IllegalArgumentException naming the setting that is out of range
         * @throws java.io.UncheckedIOException naming the address that cannot be listened on
         * @throws io.notify.netty.http.TransportUnavailableException if the transport asked for is not to be had here
         */
        public NotifyServer start() {
            HttpPort port = port();
            Map<PortLoop, Lane> lanes = port.loops().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            loop -> loop, loop -> service.gateway().lane(loop)));
            try {
                return new NotifyServer(this, port, lanes);
            } catch (RuntimeException failure) {
                lanes.values().forEach(Lane::close);
                port.close();
                throw failure;
            }
        }

        HttpPort port() {
            OriginPolicy origins =
                    corsOrigins.isEmpty() ? OriginPolicy.sameOrigin() : OriginPolicy.allowing(corsOrigins);
            HttpPort.Builder builder = HttpPort.builder()
                    .host(host)
                    .port(port)
                    .threads(eventLoops)
                    .transport(transport)
                    .origins(origins)
                    .vanishedAfter(pingInterval.plus(pingTimeout))
                    .limits(HttpLimits.defaults()
                            .withRequestTime(requestTimeout)
                            .withKeepAliveTime(keepAliveTimeout)
                            .withMaxConnections(maxConnections, maxConnectionsPerAddress, maxNewConnectionsPerSecond));
            if (hostEventLoops != null) {
                builder.eventLoops(hostEventLoops);
            }
            return builder.build();
        }

        EngineSettings engineSettings() {
            return new EngineSettings(
                    pingInterval, pingTimeout, maxPayload, upgradeTimeout, requestTimeout, maxPendingBytes);
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
