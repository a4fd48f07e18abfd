package io.notify.netty.http;

/** Answers the requests of a path. Internal to notify-netty. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Called on the connection's event loop when the headers are in; must not block. The exchange may be answered now or
     * later, by any thread. What is thrown becomes a 500.
     *
     * <p>A body is not read before {@link HttpExchange#readBody} asks for it, so a request can be refused on its headers
     * alone.
     */
    void handle(HttpExchange exchange);
}
