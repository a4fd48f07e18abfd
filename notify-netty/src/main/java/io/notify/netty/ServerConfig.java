package io.notify.netty;

import io.netty.channel.EventLoopGroup;
import io.notify.NotificationService;
import io.notify.netty.api.NotificationApi;
import io.notify.netty.engineio.EngineSettings;
import io.notify.netty.http.HttpLimits;
import io.notify.netty.http.HttpPort;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.NetworkTransport;
import io.notify.netty.http.OriginPolicy;
import io.notify.netty.sse.SseHandler;
import io.notify.netty.websocket.PlainWebSocketHandler;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The settings of one server, grouped by the part that reads them. Immutable; every value has been checked. */
final class ServerConfig {
    final NotificationService service;
    final Clock clock;

    // The port.
    private final String host;
    private final int port;
    private final int eventLoops;
    private final @Nullable EventLoopGroup hostEventLoops;
    private final NetworkTransport transport;
    private final OriginPolicy origins;
    private final HttpLimits limits;
    private final Duration vanishedAfter;

    // The transports.
    final EngineSettings engine;
    final Duration connectTimeout;
    final PlainWebSocketHandler.Settings plainWebSocket;
    final SseHandler.Settings sse;

    // Signing in.
    final int maxRefusedSignIns;
    final Duration refusedSignInsWindow;

    // The API and the files.
    final boolean dashboard;
    final Map<String, HttpReply> files;
    private final boolean devMode;
    private final int maxSendBytes;
    private final int sendLimit;
    private final Duration sendWindow;
    private final @Nullable Supplier<String> scrape;

    ServerConfig(NotifyServer.Builder b) {
        service = b.service;
        clock = b.clock;
        host = b.host;
        port = b.port;
        eventLoops = b.eventLoops;
        hostEventLoops = b.hostEventLoops;
        transport = b.transport;
        origins = b.corsOrigins.isEmpty() ? OriginPolicy.sameOrigin() : OriginPolicy.allowing(b.corsOrigins);
        limits = HttpLimits.defaults()
                .withRequestTime(b.requestTimeout)
                .withKeepAliveTime(b.keepAliveTimeout)
                .withMaxConnections(b.maxConnections, b.maxConnectionsPerAddress, b.maxNewConnectionsPerSecond);
        vanishedAfter = b.pingInterval.plus(b.pingTimeout);
        engine = new EngineSettings(
                b.pingInterval, b.pingTimeout, b.maxPayload, b.upgradeTimeout, b.requestTimeout, b.maxPendingBytes);
        connectTimeout = b.connectTimeout;
        plainWebSocket = new PlainWebSocketHandler.Settings(
                b.maxPayload, b.requestTimeout, b.maxPendingBytes, b.pingInterval, b.pingTimeout);
        sse = new SseHandler.Settings(b.sseHeartbeatInterval, b.sseCleanupInterval, b.maxPendingBytes);
        maxRefusedSignIns = b.maxRefusedSignIns;
        refusedSignInsWindow = b.refusedSignInsWindow;
        dashboard = b.dashboard;
        files = Collections.unmodifiableMap(new LinkedHashMap<>(b.files));
        devMode = b.devMode;
        maxSendBytes = b.maxSendBytes;
        sendLimit = b.sendLimit;
        sendWindow = b.sendWindow;
        scrape = b.scrape;
    }

    /** Creates the port with its event loops. It does not listen yet. */
    HttpPort newPort() {
        HttpPort.Builder builder = HttpPort.builder()
                .host(host)
                .port(port)
                .threads(eventLoops)
                .transport(transport)
                .origins(origins)
                .vanishedAfter(vanishedAfter)
                .limits(limits);
        if (hostEventLoops != null) {
            builder.eventLoops(hostEventLoops);
        }
        return builder.build();
    }

    NotificationApi.Settings api(BooleanSupplier draining) {
        return new NotificationApi.Settings(
                devMode, maxSendBytes, sendLimit, sendWindow, clock, System::nanoTime, draining, scrape, dashboard);
    }
}
