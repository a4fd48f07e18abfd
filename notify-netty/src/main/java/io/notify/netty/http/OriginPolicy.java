package io.notify.netty.http;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may talk to the port; a foreign one is refused, never reflected. Internal to notify-netty.
 *
 * <p>Browsers send {@code Origin}; other clients need not, and are not held up by this. Immutable, any thread.
 */
public final class OriginPolicy {
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[a-z0-9.\\-_\\[\\]:]+");

    private final Set<String> allowed;
    private final boolean any;

    private OriginPolicy(Set<String> allowed, boolean any) {
        this.allowed = allowed;
        this.any = any;
    }

    /** Pages of this very host and port only. */
    public static OriginPolicy sameOrigin() {
        return new OriginPolicy(Set.of(), false);
    }

    /**
     * Pages of the same origin and of those given.
     *
     * @param origins each {@code scheme://host[:port]}; or {@code *} for all, then without credentials
     * @throws IllegalArgumentException naming the origin that is none
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

    /** The scheme is not compared: a proxy in front may have ended TLS. */
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
        /** No page asks. */
        ABSENT,
        /** A page of this host. */
        SAME,
        /** A page of an origin that was named: it may use credentials. */
        LISTED,
        /** All pages may, this one is not named: no credentials. */
        ANY,
        /** Refused. */
        FOREIGN
    }
}
