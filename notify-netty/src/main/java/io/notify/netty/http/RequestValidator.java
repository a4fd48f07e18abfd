package io.notify.netty.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the request line and the {@code Host} header of a request. A request that passes has a path made of visible
 * ASCII and at most one well-formed authority. Stateless.
 */
final class RequestValidator {
    private static final String NOT_IN_AUTHORITY = "/\\?#@\"<>^`{|}";

    private RequestValidator() {}

    /** Returns the response to a head that the decoder could not read. */
    static HttpReply undecodable(Throwable cause, HttpLimits limits) {
        if (cause instanceof TooLongHttpLineException) {
            return HttpReply.problem(414, "The request line exceeds " + limits.maxUriBytes() + " bytes.");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return HttpReply.problem(431, "The headers exceed " + limits.maxHeaderBytes() + " bytes.");
        }
        return malformed();
    }

    static HttpReply malformed() {
        return HttpReply.problem(400, "The request is malformed.");
    }

    /** Returns the error response to an invalid request, or null if the request is valid. */
    static @Nullable HttpReply validate(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return HttpReply.problem(505, "Only HTTP/1.1 and HTTP/1.0 are supported.");
        }
        if (!request.uri().startsWith("/")) {
            return HttpReply.problem(400, "The request target is not a path.");
        }
        if (!isVisibleAscii(request.uri())) {
            return HttpReply.problem(400, "The request target contains characters that must be percent-encoded.");
        }
        if (version.equals(HttpVersion.HTTP_1_1)
                && request.headers().getAll(HttpHeaderNames.HOST).size() != 1) {
            return HttpReply.problem(400, "The request must have exactly one Host header.");
        }
        if (host != null && !isAuthority(host)) {
            return HttpReply.problem(400, "The Host header is malformed.");
        }
        return null;
    }

    /** RFC 3986 requires everything else to be escaped. Unescaped, it could reach a log as a terminal escape sequence. */
    private static boolean isVisibleAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /**
     * RFC 9112, section 3.2: a server must reject a {@code Host} that is not {@code host[:port]}. The origin check compares
     * with it.
     */
    private static boolean isAuthority(String host) {
        for (int i = 0; i < host.length(); i++) {
            if (NOT_IN_AUTHORITY.indexOf(host.charAt(i)) >= 0) {
                return false;
            }
        }
        return !host.isEmpty() && isVisibleAscii(host);
    }
}
