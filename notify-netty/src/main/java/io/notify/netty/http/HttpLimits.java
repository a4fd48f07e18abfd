package io.notify.netty.http;

import java.time.Duration;

/**
 * The limits of one port. Every value is positive. Internal to notify-netty.
 *
 * @param maxUriBytes length of the request line; a longer one is answered with 414
 * @param maxHeaderBytes length of all headers together; longer ones are answered with 431
 * @param requestTime time for headers and body to arrive, from the connect or the first byte; then the answer is 408
 * @param keepAliveTime idle time between two requests of a connection
 * @param maxConnections open connections in total; further ones are answered with 503
 * @param maxConnectionsPerAddress open connections from one address
 * @param maxNewConnectionsPerSecond new connections from one address, with a burst of the same size
 */
public record HttpLimits(
        int maxUriBytes,
        int maxHeaderBytes,
        Duration requestTime,
        Duration keepAliveTime,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxNewConnectionsPerSecond) {

    /** No limit; for the numbers of connections. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    public HttpLimits {
        positive("maxUriBytes", maxUriBytes);
        positive("maxHeaderBytes", maxHeaderBytes);
        positive("requestTime", requestTime);
        positive("keepAliveTime", keepAliveTime);
        positive("maxConnections", maxConnections);
        positive("maxConnectionsPerAddress", maxConnectionsPerAddress);
        positive("maxNewConnectionsPerSecond", maxNewConnectionsPerSecond);
    }

    /** Returns the defaults: 8 KiB, 16 KiB, 10 s, 75 s, unlimited, 200 and 60. */
    public static HttpLimits defaults() {
        return new HttpLimits(8192, 16384, Duration.ofSeconds(10), Duration.ofSeconds(75), UNLIMITED, 200, 60);
    }

    public HttpLimits withRequestTime(Duration value) {
        return new HttpLimits(
                maxUriBytes,
                maxHeaderBytes,
                value,
                keepAliveTime,
                maxConnections,
                maxConnectionsPerAddress,
                maxNewConnectionsPerSecond);
    }

    public HttpLimits withKeepAliveTime(Duration value) {
        return new HttpLimits(
                maxUriBytes,
                maxHeaderBytes,
                requestTime,
                value,
                maxConnections,
                maxConnectionsPerAddress,
                maxNewConnectionsPerSecond);
    }

    public HttpLimits withMaxConnections(int total, int perAddress, int newPerSecond) {
        return new HttpLimits(maxUriBytes, maxHeaderBytes, requestTime, keepAliveTime, total, perAddress, newPerSecond);
    }

    static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }

    static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value.toMillis() + " ms (expected: > 0 ms)");
        }
    }
}
