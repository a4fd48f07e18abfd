package io.notify.netty.http;

/** Handles the requests of a path. Internal to notify-netty. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Handles a request whose headers have arrived. Called on the connection's event loop; must not block. The exchange may
     * be answered now or later, by any thread. An exception is answered with 500.
     *
     * <p>The body is read only on demand, by {@link HttpExchange#readBody}. A request can thus be rejected by its headers.
     */
    void handle(HttpExchange exchange);
}
