package io.notify.netty.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A complete response to one request. Internal to notify-netty.
 *
 * @param status 200 to 599
 * @param contentType empty if there is no body
 * @param body not copied; must not be modified
 * @param headers further headers; the port adds those of length, connection, date and CORS
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record HttpReply(int status, String contentType, byte[] body, Map<String, String> headers) {
    private static final byte[] NOTHING = {};

    public static HttpReply of(int status, String contentType, byte[] body) {
        return new HttpReply(status, contentType, body, Map.of());
    }

    public static HttpReply empty(int status) {
        return of(status, "", NOTHING);
    }

    public static HttpReply text(int status, String text) {
        return of(status, "text/plain; charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns a JSON response.
     *
     * @param utf8 the JSON text
     */
    public static HttpReply json(int status, byte[] utf8) {
        return of(status, "application/json", utf8);
    }

    /** Returns a problem detail (RFC 9457). Its title is the reason phrase of the status. */
    public static HttpReply problem(int status, String detail) {
        StringBuilder json = new StringBuilder(96);
        json.append("{\"type\":\"about:blank\",\"title\":\"")
                .append(HttpResponseStatus.valueOf(status).reasonPhrase())
                .append("\",\"status\":")
                .append(status)
                .append(",\"detail\":\"");
        JsonStringEncoder.getInstance().quoteAsString(detail, json);
        json.append("\"}");
        return of(status, "application/problem+json", json.toString().getBytes(StandardCharsets.UTF_8));
    }

    public HttpReply withHeader(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new HttpReply(status, contentType, body, more);
    }
}
