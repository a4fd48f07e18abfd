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
 * One request and its response. The request is answered at most once, by {@link #reply}, {@link #stream} or
 * {@link #acceptWebSocket}. Internal to notify-netty.
 *
 * <p>Any thread may read the request. Methods that act on the exchange say which thread may call them. A second answer, and
 * an answer to a client that is gone, are ignored.
 */
public final class HttpExchange {
    private static final int MAX_PARAMETERS = 1024;

    private final HttpConnection connection;
    private final HttpRequest request;
    private final String path;
    private final OriginPolicy.Verdict origin;
    private @Nullable Map<String, List<String>> query;

    // The connection's event loop only.

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

    /** Returns the method in upper case. */
    public String method() {
        return request.method().name();
    }

    /** Returns the path as it was sent, not decoded and without the query. */
    public String path() {
        return path;
    }

    /**
     * Returns the decoded query parameters.
     *
     * @throws MalformedQueryException if a percent-encoding is malformed; a handler that does not catch it answers 400
     */
    public Map<String, List<String>> query() {
        Map<String, List<String>> decoded = query;
        if (decoded == null) {
            try {
                // A semicolon separates no parameters (WHATWG URL).
                decoded = new QueryStringDecoder(request.uri(), StandardCharsets.UTF_8, true, MAX_PARAMETERS, true)
                        .parameters();
            } catch (IllegalArgumentException malformed) {
                throw new MalformedQueryException();
            }
            query = decoded;
        }
        return decoded;
    }

    /** Returns the first value of a query parameter, or null. */
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

    /** Returns the event loop of the connection. {@link #acceptWebSocket} may move it to another one. */
    public PortLoop loop() {
        return connection.loop();
    }

    /** Returns whether the client asks for a WebSocket, even if its handshake is invalid. */
    public boolean asksForWebSocket() {
        return request.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
    }

    /**
     * Reads the whole body, which is empty if the request has none. Event loop only, at most once.
     *
     * @param maxBytes a larger body is answered with 413, and {@code consumer} is not called
     * @param consumer called on the event loop; an exception is answered with 500
     */
    public void readBody(int maxBytes, Consumer<byte[]> consumer) {
        if (!answered && !over) {
            connection.readBody(this, maxBytes, consumer);
        }
    }

    /** Answers the request. Any thread; does not block. */
    public void reply(HttpReply reply) {
        connection.loop().run(() -> {
            if (answer()) {
                connection.write(this, reply);
            }
        });
    }

    /**
     * Answers with a stream that ends with the connection, as Server-Sent Events do. The HTTP handlers leave the pipeline.
     * Event loop only.
     *
     * @param head status, content type, headers and the first bytes of the body
     * @param maxPendingBytes limit of the bytes that wait for the network
     * @return null if the client is gone or the request was answered before
     */
    public @Nullable HttpStream stream(HttpReply head, int maxPendingBytes) {
        return answer() ? connection.startStream(this, head, maxPendingBytes) : null;
    }

    /**
     * Answers 101 and turns the connection into a WebSocket. The HTTP handlers leave the pipeline. An invalid handshake is
     * answered with 400 or 426, and {@code open} is not called. Event loop only.
     *
     * @param target the event loop that owns the connection from then on; it sends the response
     * @param open called on {@code target}, after 101 has been written and before anything is read
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
     * Sets an action for the case that the exchange ends without an answer by its handler: the client is gone, or the port
     * rejected its body. The action runs on the event loop, at once if the exchange has ended. Event loop only.
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

    /** Claims the only answer. Returns false if the request was answered or has ended. */
    boolean answer() {
        if (answered || over) {
            return false;
        }
        answered = true;
        onClose = null;
        return true;
    }

    /** Ends the exchange without an answer. */
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
