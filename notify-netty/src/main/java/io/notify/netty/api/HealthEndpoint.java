package io.notify.netty.api;

import io.notify.NotificationService;
import io.notify.PresenceStats;
import io.notify.ServiceHealth;
import io.notify.Transport;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import io.notify.netty.signin.SignIn;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Handles {@code /health}: the status of each part of the server. Contains no user data. */
final class HealthEndpoint {
    private final NotificationService service;
    private final SignIn signIn;
    private final Guard guard;
    private final BooleanSupplier draining;

    HealthEndpoint(NotificationService service, SignIn signIn, Guard guard, BooleanSupplier draining) {
        this.service = service;
        this.signIn = signIn;
        this.guard = guard;
        this.draining = draining;
    }

    /** Answers that the process is alive. */
    void live(HttpExchange exchange) {
        exchange.reply(guard.json(200, Map.of("status", "up")));
    }

    /** Answers whether the server accepts clients. */
    void ready(HttpExchange exchange) {
        boolean ready = service.health().accepting() && !draining.getAsBoolean();
        exchange.reply(guard.json(ready ? 200 : 503, Map.of("status", status(ready))));
    }

    void all(HttpExchange exchange) {
        ServiceHealth health = service.health();
        PresenceStats presence = service.presence().stats();
        int sse = presence.connectionsByTransport().getOrDefault(Transport.SSE.wireName(), 0);
        boolean draining = this.draining.getAsBoolean();
        boolean up = health.accepting() && !draining;
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("status", status(up));
        parts.put("draining", draining);
        parts.put("websocket", part(!draining, "connections", presence.connections() - sse));
        parts.put("sse", part(!draining, "connections", sse));
        Map<String, Object> log = part(health.accepting(), "queuedSends", health.queuedSends());
        log.put("pendingStatuses", health.pendingStatuses());
        parts.put("logStore", log);
        Map<String, Object> limiter = part(true, "refusedSignIns", signIn.refused());
        limiter.put("limitedSignIns", signIn.limited());
        parts.put("rateLimiter", limiter);
        Map<String, Object> sessions = part(true, "sessions", presence.sessions());
        Runtime runtime = Runtime.getRuntime();
        sessions.put("onlineUsers", presence.onlineUsers());
        sessions.put("rooms", health.rooms());
        sessions.put("bytes", health.presenceBytes());
        sessions.put("heapBytes", runtime.totalMemory() - runtime.freeMemory());
        parts.put("presence", sessions);
        HttpReply reply = guard.json(up ? 200 : 503, parts);
        exchange.reply(reply);
    }

    private static Map<String, Object> part(boolean up, String figure, long value) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("status", status(up));
        part.put(figure, value);
        return part;
    }

    private static String status(boolean up) {
        return up ? "up" : "down";
    }
}
