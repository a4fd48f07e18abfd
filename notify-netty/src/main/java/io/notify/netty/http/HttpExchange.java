package io.notify.netty.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, which is given at most once: by {@link #reply}, {@link #stream} or
 * {@link #acceptWebSocket}. Internal to notify-netty.
 *
 * <p>What describes the request may be read by any thread; methods that act say which thread calls them. An answer to a
 * client that is gone, and a second answer, do nothing.
 */
public final class HttpExchange {
    private static final int MAX_PARAMETERS = 1024;

    private final HttpConnection connection;
    private final HttpRequest request;
    private final String path;
    private final OriginPolicy.Verdict origin;
    private @Nullable Map<String, List<String>> query;

    // Of the connection's event loop.
    private boolean answered;
    private boolean over;
    private @Nullable Runnable onClose;

    HttpExchange(HttpConnection connection, HttpRequest request, OriginPolicy.Verdict origin) {
        this.connection = connection;
        this.request = request;
        this.origin = origin;
        String uri = request.uri();
        int end = uri.indexOf('?');
        path = end < 0 ? uri : uri.substring(0, end);
    }

    /** In capitals. */
    public String method() {
        return request.method().name();
    }

    /** Not decoded, without the query. */
    public String path() {
        return path;
    }

    /**
     * The query, decoded.
     *
     * @throws MalformedQueryException if an escape is malformed; a handler that lets it through answers 400
     */
    public Map<String, List<String>> query() {
        Map<String, List<String>> decoded = query;
        if (decoded == null) {
            try {
                // A semicolon is a character like others (WHATWG URL), not a second way to begin a parameter.
                decoded = new QueryStringDecoder(request.uri(), StandardCharsets.UTF_8, true, MAX_PARAMETERS, true)
                        .parameters();
            } catch (IllegalArgumentException malformed) {
                throw new MalformedQueryException();
            }
            query = decoded;
        }
        return decoded;
    }

    /** The first value of a query parameter, or null. */
    public @Nullable String queryParameter(String name) {
        List<String> values = query().get(name);
        return values == null ? null : values.get(0);
    }

    public HttpHeaders headers() {
        return request.headers();
    }

    public @Nullable String header(CharSequence name) {
        return request.headers().get(name);
    }

    public InetSocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    /** The event loop of the connection; another one after {@link #acceptWebSocket} moved it. */
    public PortLoop loop() {
        return connection.loop();
    }

    /** Whether the client asks for a WebSocket, well or badly. */
    public boolean asksForWebSocket() {
        return request.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
    }

    /**
     * Reads the whole body; a request without one has an empty one. Event loop only, at most once.
     *
     * @param maxBytes more are answered with 413, and {@code consumer} is not called
     * @param consumer called on the event loop; what it throws becomes a 500
     */
    public void readBody(int maxBytes, Consumer<byte[]> consumer) {
        if (!answered && !over) {
            connection.readBody(this, maxBytes, consumer);
        }
    }

    /** Answers. Any thread; does not block. */
    public void reply(HttpReply reply) {
        connection.loop().run(() -> {
            if (answer()) {
                connection.write(this, reply);
            }
        });
    }

    /**
     * Answers with a stream that ends with the connection, as Server-Sent Events do. Event loop only. The HTTP handlers
     * leave the pipeline.
     *
     * @param head status, type and headers; its body is the first piece
     * @param maxPendingBytes that may wait for the network
     * @return null if the client is gone or was answered
     */
    public @Nullable HttpStream stream(HttpReply head, int maxPendingBytes) {
        return answer() ? connection.startStream(this, head, maxPendingBytes) : null;
    }

    /**
     * Answers 101 and hands the connection over; a request that is no proper WebSocket handshake gets 400 or 426 instead,
     * and {@code open} is not called. Event loop only. The HTTP handlers leave the pipeline.
     *
     * @param target where the connection shall live from now on; the answer is sent from there
     * @param open called on {@code target} when 101 has been written and nothing has been read
     */
    public void acceptWebSocket(WebSocketLimits limits, PortLoop target, Function<WebSocket, WebSocketListener> open) {
        if (!answered && !over) {
            HttpReply refusal = WebSocketHandshake.refusal(request);
            if (refusal != null) {
                reply(refusal);
            } else if (answer()) {
                connection.startWebSocket(this, limits, target, open);
            }
        }
    }

    /**
     * Says what to do if this exchange ends without an answer by the handler: the client is gone, or sent a body that the
     * port refused. Called on the event loop, at once if it has happened. Event loop only.
     */
    public void onClose(Runnable action) {
        if (over) {
            action.run();
        } else {
            onClose = action;
        }
    }

    HttpRequest request() {
        return request;
    }

    OriginPolicy.Verdict origin() {
        return origin;
    }

    boolean isAnswered() {
        return answered;
    }

    /** Claims the one answer. */
    boolean answer() {
        if (answered || over) {
            return false;
        }
        answered = true;
        onClose = null;
        return true;
    }

    /** Ends the exchange unanswered. */
    void close() {
        if (!over && !answered) {
            over = true;
            Runnable action = onClose;
            onClose = null;
            if (action != null) {
                action.run();
            }
        }
    }
}
