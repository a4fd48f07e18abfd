package io.notify.netty;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client brings when it comes in.
 *
 * @param auth the payload of Socket.IO's CONNECT
 * @param query parameters of the first request
 * @param headers of every request
 */
record Entry(Map<String, Object> auth, Map<String, String> query, Map<String, String> headers) {

    static Entry none() {
        return new Entry(Map.of(), Map.of(), Map.of());
    }

    /** The token where the way's users mostly put it. */
    static Entry of(Way way, String token) {
        return way.isSocketIo() ? none().auth("token", token) : none().query("token", token);
    }

    Entry auth(String name, Object value) {
        return new Entry(with(auth, name, value), query, headers);
    }

    Entry query(String name, String value) {
        return new Entry(auth, with(query, name, value), headers);
    }

    Entry header(String name, String value) {
        return new Entry(auth, query, with(headers, name, value));
    }

    Entry cursor(Way way, String cursor) {
        if (way.isSocketIo()) {
            return auth("offset", cursor);
        }
        return way == Way.SSE ? header("Last-Event-ID", cursor) : query("since", cursor);
    }

    /** {@code path} with the query and {@code more}. */
    String target(String path, String more) {
        StringBuilder target = new StringBuilder(path).append('?').append(more);
        query.forEach((name, value) ->
                target.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return target.toString();
    }

    String headerLines() {
        StringBuilder lines = new StringBuilder();
        headers.forEach(
                (name, value) -> lines.append(name).append(": ").append(value).append("\r\n"));
        return lines.toString();
    }

    private static <V> Map<String, V> with(Map<String, V> map, String name, V value) {
        Map<String, V> grown = new LinkedHashMap<>(map);
        grown.put(name, value);
        return grown;
    }
}
