package io.notify.netty.engineio;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The meaning of a request's method and query, or the reason to refuse it. Immutable. */
sealed interface EngineRequest {

    /** Opens a session. */
    record Open(boolean webSocket) implements EngineRequest {}

    /** Polls for packets ({@code GET}). */
    record Poll(String sid) implements EngineRequest {}

    /** Pushes packets of the client ({@code POST}). */
    record Push(String sid) implements EngineRequest {}

    /** Upgrades a polling session to a WebSocket. */
    record Upgrade(String sid) implements EngineRequest {}

    /** Is refused. */
    record Refused(EngineError error) implements EngineRequest {}

    /**
     * Interprets a request. Checks it in the order of the reference implementation.
     *
     * @param asksForWebSocket whether the request has an {@code Upgrade: websocket} header
     */
    static EngineRequest of(String method, Map<String, List<String>> query, boolean asksForWebSocket) {
        if (!isSingle(query, "transport") || !isSingle(query, "sid") || !isSingle(query, "EIO")) {
            return new Refused(EngineError.BAD_REQUEST);
        }
        String transport = first(query, "transport");
        boolean webSocket = "websocket".equals(transport);
        if (!webSocket && !"polling".equals(transport)) {
            return new Refused(EngineError.TRANSPORT_UNKNOWN);
        }
        String sid = first(query, "sid");
        // JSONP ended with protocol version 3.
        if (webSocket != asksForWebSocket || query.containsKey("j")) {
            return new Refused(
                    sid == null && !method.equals("GET") ? EngineError.BAD_HANDSHAKE_METHOD : EngineError.BAD_REQUEST);
        }
        if (sid == null) {
            return open(method, first(query, "EIO"), webSocket);
        }
        if (webSocket) {
            return method.equals("GET") ? new Upgrade(sid) : new Refused(EngineError.BAD_REQUEST);
        }
        return switch (method) {
            case "GET" -> new Poll(sid);
            case "POST" -> new Push(sid);
            default -> new Refused(EngineError.BAD_REQUEST);
        };
    }

    private static EngineRequest open(String method, @Nullable String version, boolean webSocket) {
        if (!method.equals("GET")) {
            return new Refused(EngineError.BAD_HANDSHAKE_METHOD);
        }
        return "4".equals(version) ? new Open(webSocket) : new Refused(EngineError.UNSUPPORTED_VERSION);
    }

    private static boolean isSingle(Map<String, List<String>> query, String name) {
        List<String> values = query.get(name);
        return values == null || values.size() == 1;
    }

    private static @Nullable String first(Map<String, List<String>> query, String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.get(0);
    }
}
