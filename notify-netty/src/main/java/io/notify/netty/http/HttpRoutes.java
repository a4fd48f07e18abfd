package io.notify.netty.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which handler answers which path: an exact path first, else the longest prefix, else 404. Internal to notify-netty.
 * Immutable.
 */
public final class HttpRoutes {
    private static final HttpHandler NOT_FOUND =
            exchange -> exchange.reply(HttpReply.problem(404, "There is nothing at this path."));

    private final Map<String, HttpHandler> exact;
    private final List<Map.Entry<String, HttpHandler>> prefixes;

    private HttpRoutes(Builder builder) {
        exact = Map.copyOf(builder.exact);
        prefixes = List.copyOf(builder.prefixes);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Every path there is; those of a prefix end in an asterisk. */
    public Set<String> paths() {
        Set<String> paths = new TreeSet<>(exact.keySet());
        prefixes.forEach(prefix -> paths.add(prefix.getKey() + "*"));
        return paths;
    }

    HttpHandler find(String path) {
        HttpHandler handler = exact.get(path);
        if (handler != null) {
            return handler;
        }
        for (Map.Entry<String, HttpHandler> prefix : prefixes) {
            if (path.startsWith(prefix.getKey())) {
                return prefix.getValue();
            }
        }
        return NOT_FOUND;
    }

    /** Collects routes; not for several threads. */
    public static final class Builder {
        private final Map<String, HttpHandler> exact = new HashMap<>();
        private final List<Map.Entry<String, HttpHandler>> prefixes = new ArrayList<>();

        private Builder() {}

        /**
         * One path.
         *
         * @param path as in the request line, without the query, not decoded
         * @throws IllegalArgumentException if it has a handler
         */
        public Builder exact(String path, HttpHandler handler) {
            if (exact.putIfAbsent(slashed(path), handler) != null) {
                throw new IllegalArgumentException("path: " + path + " has a handler (expected: one for each path)");
            }
            return this;
        }

        /** Every path that begins so and has no handler of its own. */
        public Builder prefix(String prefix, HttpHandler handler) {
            prefixes.add(Map.entry(slashed(prefix), handler));
            prefixes.sort(Comparator.comparing(entry -> -entry.getKey().length()));
            return this;
        }

        public HttpRoutes build() {
            return new HttpRoutes(this);
        }

        private static String slashed(String path) {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("path: \"" + path + "\" (expected: a leading slash)");
            }
            return path;
        }
    }
}
