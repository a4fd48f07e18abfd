package io.notify.netty.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Converts replies to Netty's responses. Adds the headers that belong to the port: length, connection, date, caching and
 * CORS. Stateless.
 */
final class Responses {
    private Responses() {}

    /** Returns the interim response that asks a client for the body it holds back. */
    static FullHttpResponse continue100() {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
    }

    /**
     * Returns a complete response.
     *
     * @param keepAlive whether the connection stays open for another request
     */
    static FullHttpResponse full(HttpExchange exchange, HttpReply reply, boolean keepAlive, String date) {
        ByteBuf body = exchange.request().method().equals(HttpMethod.HEAD)
                ? Unpooled.EMPTY_BUFFER
                : Unpooled.wrappedBuffer(reply.body());
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), body);
        setHeaders(response.headers(), exchange, reply, date);
        if (reply.status() != 204 && reply.status() != 304) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        }
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (exchange.request().protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        return response;
    }

    /** Returns the head of a response whose body ends with the connection. */
    static HttpResponse streamHead(HttpExchange exchange, HttpReply head, String date) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(head.status()));
        setHeaders(response.headers(), exchange, head, date);
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }

    /** Returns the response to a request that no handler may see. The connection is closed after it. */
    static FullHttpResponse rejection(HttpReply problem, String date) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(problem.status()),
                Unpooled.wrappedBuffer(problem.body()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, problem.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, problem.body().length)
                .set(HttpHeaderNames.DATE, date)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }

    private static void setHeaders(HttpHeaders headers, HttpExchange exchange, HttpReply reply, String date) {
        reply.headers().forEach(headers::set);
        if (!reply.contentType().isEmpty()) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
            headers.set("x-content-type-options", "nosniff");
        }
        if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
            // The request may carry a token in its query: no cache on the way may keep the response.
            headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        }
        headers.set(HttpHeaderNames.DATE, date);
        Cors.addHeaders(headers, exchange);
    }
}
