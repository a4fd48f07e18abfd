package io.notify.netty.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Maps paths to handlers. An exact path wins over a prefix, and a longer prefix over a shorter one; any other path is
 * answered with 404. Internal to notify-netty. Immutable.
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

    /** Returns every route. Prefixes end in an asterisk. */
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

    /** Builds routes. Not thread-safe. */
    public static final class Builder {
        private final Map<String, HttpHandler> exact = new HashMap<>();
        private final List<Map.Entry<String, HttpHandler>> prefixes = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a handler of one path.
         *
         * @param path as in the request line, not decoded and without the query
         * @throws IllegalArgumentException if the path has a handler already
         */
        public Builder exact(String path, HttpHandler handler) {
            if (exact.putIfAbsent(slashed(path), handler) != null) {
                throw new IllegalArgumentException("path: " + path + " has a handler already (expected: one per path)");
            }
            return this;
        }

        /** Adds a handler of every path with a prefix, unless the path has its own handler. */
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
