package io.notify.netty.http;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which web pages may send requests to the port. A foreign origin is refused, never reflected. Internal to
 * notify-netty.
 *
 * <p>Browsers send {@code Origin}. Other clients need not, and are not restricted. Immutable; any thread.
 */
public final class OriginPolicy {
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[a-z0-9.\\-_\\[\\]:]+");

    private final Set<String> allowed;
    private final boolean any;

    private OriginPolicy(Set<String> allowed, boolean any) {
        this.allowed = allowed;
        this.any = any;
    }

    /** Returns a policy that allows pages of the same host and port only. */
    public static OriginPolicy sameOrigin() {
        return new OriginPolicy(Set.of(), false);
    }

    /**
     * Returns a policy that allows pages of the same origin and of the given ones.
     *
     * @param origins each {@code scheme://host[:port]}, or {@code *} for all origins, without credentials
     * @throws IllegalArgumentException naming the malformed origin
     */
    public static OriginPolicy allowing(Collection<String> origins) {
        Set<String> allowed = new TreeSet<>();
        for (String origin : origins) {
            String canonical = origin.toLowerCase(Locale.ROOT);
            if (!canonical.equals("*") && !ORIGIN.matcher(canonical).matches()) {
                throw new IllegalArgumentException(
                        "allowedOrigins: \"" + origin + "\" (expected: scheme://host[:port] or *)");
            }
            allowed.add(canonical);
        }
        return new OriginPolicy(Set.copyOf(allowed), allowed.contains("*"));
    }

    Verdict judge(@Nullable String origin, @Nullable String host) {
        if (origin == null) {
            return Verdict.ABSENT;
        }
        String canonical = origin.toLowerCase(Locale.ROOT);
        if (allowed.contains(canonical)) {
            return Verdict.LISTED;
        }
        if (host != null && isSame(canonical, host.toLowerCase(Locale.ROOT))) {
            return Verdict.SAME;
        }
        return any ? Verdict.ANY : Verdict.FOREIGN;
    }

    /** Ignores the scheme, since a proxy may have terminated TLS. */
    private static boolean isSame(String origin, String host) {
        int authority = origin.indexOf("://");
        if (authority < 0) {
            return false;
        }
        String scheme = origin.substring(0, authority);
        return withoutDefaultPort(scheme, origin.substring(authority + 3)).equals(withoutDefaultPort(scheme, host));
    }

    private static String withoutDefaultPort(String scheme, String authority) {
        String port = scheme.equals("https") ? ":443" : ":80";
        return authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
    }

    enum Verdict {
        /** The request has no origin. */
        ABSENT,
        /** The origin is this host. */
        SAME,
        /** The origin is listed. Its pages may use credentials. */
        LISTED,
        /** All origins are allowed, and this one is not listed. Its pages may not use credentials. */
        ANY,
        /** The origin is refused. */
        FOREIGN
    }
}
