package io.notify.runner;

import io.notify.Authenticator;
import io.notify.LogUnavailableException;
import io.notify.NotificationLog;
import io.notify.NotificationService;
import io.notify.RoomPolicy;
import io.notify.jdbc.Durability;
import io.notify.jdbc.JdbcNotificationLog;
import io.notify.jwt.JwtAuthenticator;
import io.notify.netty.NotifyServer;
import io.notify.netty.http.TransportUnavailableException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/** The only place that sees every module; nothing is left running when a start fails. */
final class Wiring implements Node.Starter {
    private static final Duration SIGN_IN_WINDOW = Duration.ofSeconds(10);
    private static final Duration SEND_WINDOW = Duration.ofSeconds(5);
    /** What stands around the largest notification in the body that sends it: audience and options. */
    private static final int ENVELOPE = 8 * 1024;

    @Override
    public Node start(Configuration configuration, Keys keys) {
        // first, and on one thread: two that meet a logger at once make SLF4J complain to the operator
        LoggerFactory.getILoggerFactory();
        // opening the database takes longest: beside it, the network's classes cost no time
        Thread preloading = new Thread(NotifyServer::preload, "notify-preload");
        preloading.setDaemon(true);
        preloading.start();
        NotificationLog log = log(configuration.database());
        var metrics = new ProcessMetrics();
        NotificationService service = service(configuration, keys, log, metrics);
        NotifyServer server = server(configuration, service, metrics);
        return new RunningNode(
                service, server, metrics, configuration.intervals().drain());
    }

    /** The log of a configuration, not yet open. */
    static JdbcNotificationLog log(Configuration.Database database) {
        var builder = JdbcNotificationLog.builder()
                .url(database.url())
                .durability(Durability.valueOf(database.durability().name()));
        database.user().ifPresent(builder::user);
        database.password().ifPresent(password -> builder.password(password.value()));
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw refusal(database, e);
        }
    }

    private static NotificationService service(
            Configuration configuration, Keys keys, NotificationLog log, ProcessMetrics metrics) {
        Configuration.Limits limits = configuration.limits();
        var builder = NotificationService.builder()
                .log(log)
                .meterRegistry(metrics.registry())
                .authenticator(authenticator(configuration.signIn(), keys))
                .roomPolicy(RoomPolicy.matching(limits.roomsAllowed()))
                .maxRooms(limits.rooms())
                .rateLimit(limits.events(), limits.eventWindow())
                .heartbeatInterval(configuration.intervals().heartbeat())
                .retention(configuration.database().retention())
                .maxPayloadBytes(limits.maxPayload())
                .replayLimit(limits.replayLimit());
        keys.recovery().ifPresent(secret -> builder.recoverySecret(secret.value()));
        try {
            return builder.build();
        } catch (LogUnavailableException | IllegalStateException e) {
            log.close();
            throw refusal(configuration.database(), e);
        }
    }

    private static Authenticator authenticator(Configuration.SignIn signIn, Keys keys) {
        var builder = JwtAuthenticator.builder();
        keys.signing().ifPresent(secret -> builder.hmacSecret(secret.value()));
        signIn.publicKeyPem().ifPresent(builder::publicKeyPem);
        signIn.jwks().ifPresent(builder::jwks);
        signIn.issuer().ifPresent(builder::issuer);
        signIn.audience().ifPresent(builder::audience);
        return builder.build();
    }

    private static NotifyServer server(
            Configuration configuration, NotificationService service, ProcessMetrics metrics) {
        Configuration.Listen listen = configuration.listen();
        Configuration.Limits limits = configuration.limits();
        Configuration.Intervals intervals = configuration.intervals();
        boolean development = configuration.environment() == Environment.DEVELOPMENT;
        try {
            NotifyServer.Builder builder = NotifyServer.builder(service)
                    .host(listen.host())
                    .port(listen.port())
                    .transport(Format.name(listen.transport()))
                    .eventLoops(orElse(listen.eventLoops(), Runtime.getRuntime().availableProcessors()))
                    .corsOrigins(listen.corsOrigins())
                    .connectionLimits(
                            orElse(limits.connections(), Integer.MAX_VALUE),
                            limits.connectionsPerAddress(),
                            limits.newConnectionsPerSecond())
                    .refusedSignIns(limits.failedSignIns(), SIGN_IN_WINDOW)
                    .sendLimit(limits.sends(), SEND_WINDOW)
                    .maxSendBytes(limits.maxPayload() + ENVELOPE)
                    .maxPendingBytes(limits.outboundBytes())
                    .maxPayload(limits.messageBytes())
                    .requestTimeout(limits.requestTime())
                    .keepAliveTimeout(limits.keepAliveTime())
                    .ping(intervals.ping(), intervals.pingTimeout())
                    .sse(intervals.sseHeartbeat(), intervals.sseCleanup())
                    .metrics(metrics::scrape)
                    .devMode(development);
            if (development) {
                DemoPage.addTo(builder);
            }
            return builder.start();
        } catch (RuntimeException e) {
            service.close();
            throw refusal(listen, e);
        }
    }

    private static RuntimeException refusal(Configuration.Listen listen, RuntimeException cause) {
        if (cause instanceof UncheckedIOException) {
            return ConfigurationException.of(
                    "PORT",
                    listen.port() + " at HOST " + listen.host() + " cannot be listened on",
                    "a free port, and an address of this machine");
        }
        return cause instanceof TransportUnavailableException
                ? ConfigurationException.of(
                        "TRANSPORT", Format.name(listen.transport()) + " is not to be had here", "auto")
                : cause;
    }

    private static ConfigurationException refusal(Configuration.Database database, RuntimeException cause) {
        // the log keeps passwords out of its messages
        return ConfigurationException.of(
                "DATABASE_URL",
                database.shownUrl() + " cannot be used: " + cause.getMessage(),
                "a database that can be reached, and that no other process holds");
    }

    /** Zero stands for the default. */
    private static int orElse(int value, int whenZero) {
        return value == 0 ? whenZero : value;
    }

    /** Closes from the outside in: nobody new comes in while clients are sent elsewhere and what was accepted is written. */
    private record RunningNode(NotificationService service, NotifyServer server, ProcessMetrics metrics, Duration drain)
            implements Node {
        @Override
        public int port() {
            return server.port();
        }

        @Override
        public void close() {
            try {
                server.drain(drain);
                server.close();
            } finally {
                service.close();
                metrics.close();
            }
        }
    }
}
