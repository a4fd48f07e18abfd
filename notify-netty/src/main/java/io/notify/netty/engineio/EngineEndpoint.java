package io.notify.netty.engineio;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.notify.netty.http.ConnectionLimits;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpHandler;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.WebSocketLimits;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Handles Engine.IO requests and keeps the table of sessions, which holds every session until it ends. Internal to
 * notify-netty.
 *
 * <p>One endpoint may serve several paths. Any thread.
 */
public final class EngineEndpoint implements HttpHandler {
    private static final Set<String> OWN_PARAMETERS = Set.of("EIO", "transport", "sid", "t", "b64");

    private final EngineSettings settings;
    private final EngineApplication application;
    private final Predicate<CharSequence> keepsHeader;
    private final ConnectionLimits pollingLimits;
    private final WebSocketLimits webSocketLimits;
    private final long pingIntervalNanos;
    private final long pingTimeoutNanos;
    private final long upgradeTimeoutNanos;
    private final PollingRequests pollingRequests = new PollingRequests(this);
    private final SecretIds ids = new SecretIds();
    private final ConcurrentHashMap<String, EngineSession> sessions = new ConcurrentHashMap<>();

    private final Map<EngineError, LongAdder> refusals = new EnumMap<>(EngineError.class);

    /**
     * Creates an endpoint.
     *
     * @param keepsHeader selects the headers that the handshake of a session retains, by name in any case
     * @param pollingLimits limits of polling sessions, since one connection can open any number of them
     */
    public EngineEndpoint(
            EngineSettings settings,
            EngineApplication application,
            Predicate<CharSequence> keepsHeader,
            ConnectionLimits pollingLimits) {
        this.settings = settings;
        this.application = application;
        this.keepsHeader = keepsHeader;
        this.pollingLimits = pollingLimits;
        for (EngineError error : EngineError.values()) {
            refusals.put(error, new LongAdder());
        }
        webSocketLimits = WebSocketLimits.of(settings.maxPayload(), settings.messageTime(), settings.maxPendingBytes());
        pingIntervalNanos = settings.pingInterval().toNanos();
        pingTimeoutNanos = settings.pingTimeout().toNanos();
        upgradeTimeoutNanos = settings.upgradeTimeout().toNanos();
    }

    /** Returns the number of sessions. */
    public int sessions() {
        return sessions.size();
    }

    /** Ends every session like {@link EngineSession#close}. Does not wait. */
    public void closeSessions() {
        sessions.values().forEach(EngineSession::close);
    }

    /**
     * Ends every session at once, without waiting for clients to poll their close packet. To be called before the port is
     * closed. Does not wait.
     */
    public void dropSessions() {
        sessions.values().forEach(session -> session.loop().execute(session::drop));
    }

    @Override
    public void handle(HttpExchange exchange) {
        EngineRequest request;
        try {
            request = EngineRequest.of(exchange.method(), exchange.query(), exchange.asksForWebSocket());
        } catch (IllegalArgumentException malformedEscape) {
            request = new EngineRequest.Refused(EngineError.BAD_REQUEST);
        }
        if (request instanceof EngineRequest.Refused refused) {
            refuse(exchange, refused.error());
        } else if (request instanceof EngineRequest.Open open) {
            whenAdmitted(exchange, application.admits(exchange), () -> open(exchange, open.webSocket()));
        } else if (request instanceof EngineRequest.Poll poll) {
            withSession(exchange, poll.sid(), session -> poll(exchange, session));
        } else if (request instanceof EngineRequest.Push push) {
            withSession(exchange, push.sid(), session -> push(exchange, session));
        } else if (request instanceof EngineRequest.Upgrade upgrade) {
            withSession(
                    exchange,
                    upgrade.sid(),
                    session -> exchange.acceptWebSocket(webSocketLimits, session.loop(), session::upgrade));
        }
    }

    private void open(HttpExchange exchange, boolean webSocket) {
        EngineHandshake handshake = handshake(exchange);
        if (webSocket) {
            exchange.acceptWebSocket(
                    webSocketLimits,
                    exchange.loop(),
                    carrier -> newSession(exchange).openWebSocket(carrier, handshake));
        } else if (pollingLimits.enter(exchange.remoteAddress().getAddress())) {
            EngineSession session = newSession(exchange);
            exchange.onClose(() -> pollingRequests.pollGone(session, exchange));
            session.openPolling(exchange, handshake);
        } else {
            exchange.reply(HttpReply.problem(503, "Too many sessions.").withHeader("Retry-After", "1"));
        }
    }

    /** Releases the place of a polling session that has ended, or that a WebSocket carries, which is counted itself. */
    void releasePolling(InetAddress address) {
        pollingLimits.leave(address);
    }

    private EngineSession newSession(HttpExchange exchange) {
        String sid = ids.get();
        EngineSession session = new EngineSession(this, sid, exchange.loop());
        sessions.put(sid, session);
        return session;
    }

    private void poll(HttpExchange exchange, EngineSession session) {
        exchange.onClose(() -> session.loop().run(() -> pollingRequests.pollGone(session, exchange)));
        session.loop().run(() -> pollingRequests.poll(session, exchange));
    }

    private void push(HttpExchange exchange, EngineSession session) {
        Polling polling = session.polling();
        if (polling == null) {
            refuse(exchange, EngineError.BAD_REQUEST);
            return;
        }
        String type = exchange.header(HttpHeaderNames.CONTENT_TYPE);
        boolean binary = type != null && type.toLowerCase(Locale.ROOT).startsWith("application/octet-stream");
        if (binary || !polling.beginPush()) {
            session.loop().run(() -> pollingRequests.pushFailed(session, exchange));
            return;
        }
        exchange.onClose(() -> session.loop().run(() -> pollingRequests.pushFailed(session, exchange)));
        exchange.readBody(
                settings.maxPayload(), body -> session.loop().run(() -> pollingRequests.push(session, exchange, body)));
    }

    private void withSession(HttpExchange exchange, String sid, Consumer<EngineSession> action) {
        EngineSession session = sessions.get(sid);
        if (session == null) {
            refuse(exchange, EngineError.SESSION_UNKNOWN);
        } else {
            whenAdmitted(exchange, application.admits(session.listener(), exchange), () -> action.accept(session));
        }
    }

    private void whenAdmitted(HttpExchange exchange, CompletionStage<Boolean> admission, Runnable action) {
        CompletableFuture<Boolean> future = admission.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally() && future.join()) {
            action.run();
            return;
        }
        CompletableFuture<Boolean> unused =
                future.whenComplete((admitted, failure) -> exchange.loop().run(() -> {
                    if (failure == null && admitted) {
                        action.run();
                    } else {
                        refuse(exchange, EngineError.FORBIDDEN);
                    }
                }));
    }

    private EngineHandshake handshake(HttpExchange exchange) {
        Map<String, List<String>> query = new HashMap<>();
        exchange.query().forEach((name, values) -> {
            if (!OWN_PARAMETERS.contains(name)) {
                query.put(name, values);
            }
        });
        Map<String, String> headers = new HashMap<>();
        exchange.headers().iteratorCharSequence().forEachRemaining(header -> {
            if (keepsHeader.test(header.getKey())) {
                headers.merge(
                        header.getKey().toString().toLowerCase(Locale.ROOT),
                        header.getValue().toString(),
                        (first, next) -> first + ", " + next);
            }
        });
        return new EngineHandshake(exchange.path(), query, headers, exchange.remoteAddress());
    }

    void refuse(HttpExchange exchange, EngineError error) {
        LongAdder counter = refusals.get(error);
        if (counter != null) {
            counter.increment();
        }
        exchange.reply(HttpReply.json(error.status(), error.json()));
    }

    /** Returns how many requests were refused for one of {@link #refusalReasons}, and 0 for any other name. */
    public long refusals(String reason) {
        return refusals.entrySet().stream()
                .filter(entry -> entry.getKey().reason().equals(reason))
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }

    /** Returns the names of the reasons to refuse a request. */
    public static List<String> refusalReasons() {
        return Arrays.stream(EngineError.values()).map(EngineError::reason).toList();
    }

    void forget(EngineSession session) {
        sessions.remove(session.sid(), session);
    }

    EngineSettings settings() {
        return settings;
    }

    EngineApplication application() {
        return application;
    }

    long pingIntervalNanos() {
        return pingIntervalNanos;
    }

    long pingTimeoutNanos() {
        return pingTimeoutNanos;
    }

    long upgradeTimeoutNanos() {
        return upgradeTimeoutNanos;
    }
}
