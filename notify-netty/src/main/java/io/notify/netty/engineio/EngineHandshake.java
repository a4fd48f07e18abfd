package io.notify.netty.engineio;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request that opened a session. Immutable, and small because it is kept as long as the session. Internal to
 * notify-netty.
 *
 * @param path path without the query
 * @param query decoded parameters, without those of Engine.IO
 * @param headers retained headers by lower-case name
 */
public record EngineHandshake(
        String path, Map<String, List<String>> query, Map<String, String> headers, InetSocketAddress remoteAddress) {
    public EngineHandshake {
        query = copy(query);
        headers = copy(headers);
    }

    /** Most maps are empty. They share one instance and are not copied. */
    private static <V> Map<String, V> copy(Map<String, V> map) {
        return map.isEmpty() ? Map.of() : Map.copyOf(map);
    }

    /** Returns the first value of a query parameter, or null. */
    public @Nullable String queryParameter(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.get(0);
    }

    /**
     * Returns the value of a header, or null. Several values are joined by commas.
     *
     * @param name name in lower case
     */
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}
