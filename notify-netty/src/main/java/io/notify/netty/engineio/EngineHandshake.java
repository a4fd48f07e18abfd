package io.notify.netty.engineio;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request that opened a session. Internal to notify-netty. Immutable, and small: a session lives long.
 *
 * @param path without the query
 * @param query decoded, without Engine.IO's own parameters
 * @param headers by lower-case name; those that the endpoint keeps
 */
public record EngineHandshake(
        String path, Map<String, List<String>> query, Map<String, String> headers, InetSocketAddress remoteAddress) {
    public EngineHandshake {
        query = copy(query);
        headers = copy(headers);
    }

    /** Most keep nothing, for which there is one map, and no copying that a young process would have to compile. */
    private static <V> Map<String, V> copy(Map<String, V> map) {
        return map.isEmpty() ? Map.of() : Map.copyOf(map);
    }

    /** The first value of a query parameter, or null. */
    public @Nullable String queryParameter(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.get(0);
    }

    /**
     * A header's value, several joined by a comma; null if there is none.
     *
     * @param name in lower case
     */
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}
