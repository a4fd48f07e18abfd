package io.notify.netty.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;

/**
 * Answers CORS preflight requests and adds the CORS headers to responses. The verdict of {@link OriginPolicy} decides; an
 * origin that is not allowed is never reflected. Stateless.
 */
final class Cors {
    private Cors() {}

    static boolean isPreflight(HttpExchange exchange) {
        return exchange.request().method().equals(HttpMethod.OPTIONS)
                && exchange.origin() != OriginPolicy.Verdict.ABSENT
                && exchange.header(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD) != null;
    }

    static HttpReply preflightReply(HttpExchange exchange) {
        HttpReply reply = HttpReply.empty(204)
                .withHeader("access-control-allow-methods", "GET, POST, PUT, DELETE, HEAD")
                .withHeader("access-control-max-age", "600");
        // An allowed origin may send any header.
        String headers = exchange.header(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        return headers == null ? reply : reply.withHeader("access-control-allow-headers", headers);
    }

    static void addHeaders(HttpHeaders headers, HttpExchange exchange) {
        switch (exchange.origin()) {
            case LISTED -> {
                headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, exchange.header(HttpHeaderNames.ORIGIN));
                headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
                headers.add(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
            }
            case ANY -> headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            case SAME, ABSENT, FOREIGN -> {}
        }
    }
}
