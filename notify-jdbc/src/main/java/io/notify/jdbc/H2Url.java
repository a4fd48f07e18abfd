package io.notify.jdbc;

import java.time.Duration;
import java.util.Locale;

/** Makes an H2 file keep what it committed; what the URL says itself stands. */
final class H2Url {
    private H2Url() {}

    /** The URL with our settings; others than of H2 files are returned as they are, or with a lock timeout only. */
    static String complete(String url, Duration timeout) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("jdbc:h2:")) {
            return url;
        }
        String complete = withDefault(url, "LOCK_TIMEOUT", Long.toString(timeout.toMillis()));
        if (!isFile(lower)) {
            return complete;
        }
        // by default H2 writes commits half a second later and kill -9 loses them; SET WRITE_DELAY afterwards does
        // nothing
        complete = withDefault(complete, "WRITE_DELAY", "0");
        // by default H2's own shutdown hook closes the file while the service is still storing what it took
        return withDefault(complete, "DB_CLOSE_ON_EXIT", "FALSE");
    }

    private static boolean isFile(String lower) {
        String rest = lower.substring("jdbc:h2:".length());
        return !(rest.startsWith("mem:")
                || rest.startsWith("tcp:")
                || rest.startsWith("ssl:")
                || rest.startsWith("zip:"));
    }

    private static String withDefault(String url, String setting, String value) {
        boolean said = url.toUpperCase(Locale.ROOT).contains(";" + setting + "=");
        return said ? url : url + ";" + setting + "=" + value;
    }
}
