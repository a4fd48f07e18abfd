package io.notify.netty.http;

import java.time.Duration;

/**
 * What one port bears; every value is positive. Internal to notify-netty.
 *
 * @param maxUriBytes of the request line; longer gets 414
 * @param maxHeaderBytes of all headers together; more gets 431
 * @param requestTime for headers and body together, from connecting or the first byte; then 408 and the end
 * @param keepAliveTime between two requests of a connection
 * @param maxConnections open at once in all; beyond that 503
 * @param maxConnectionsPerAddress open at once from one address
 * @param maxNewConnectionsPerSecond from one address, with a burst of as many
 */
public record HttpLimits(
        int maxUriBytes,
        int maxHeaderBytes,
        Duration requestTime,
        Duration keepAliveTime,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxNewConnectionsPerSecond) {

    /** For the last three: no limit. */
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

    /** 8 KiB, 16 KiB, 10 s, 75 s, any number, 200, 60. */
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

    public HttpLimits withMaxConnections(int inAll, int perAddress, int newPerSecond) {
        return new HttpLimits(maxUriBytes, maxHeaderBytes, requestTime, keepAliveTime, inAll, perAddress, newPerSecond);
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
