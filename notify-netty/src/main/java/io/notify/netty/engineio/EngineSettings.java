package io.notify.netty.engineio;

import java.time.Duration;

/**
 * The settings of Engine.IO sessions. Every value is positive. Internal to notify-netty.
 *
 * @param pingInterval time from a pong of the client to the next ping
 * @param pingTimeout time for the pong to arrive
 * @param maxPayload length of a request body or WebSocket message of a client; also the target length of a poll's response
 * @param upgradeTimeout time for the upgrade to WebSocket, from its request
 * @param messageTime time from the first byte of a WebSocket message to the last
 * @param maxPendingBytes bytes of one session not yet taken by the network
 */
public record EngineSettings(
        Duration pingInterval,
        Duration pingTimeout,
        int maxPayload,
        Duration upgradeTimeout,
        Duration messageTime,
        int maxPendingBytes) {

    public EngineSettings {
        positive("pingInterval", pingInterval);
        positive("pingTimeout", pingTimeout);
        positive("upgradeTimeout", upgradeTimeout);
        positive("messageTime", messageTime);
        positive("maxPayload", maxPayload);
        positive("maxPendingBytes", maxPendingBytes);
    }

    /** Returns the defaults: 25 s, 20 s, 1,000,000 bytes and 10 s as the reference implementation, then 10 s and 1 MiB. */
    public static EngineSettings defaults() {
        return new EngineSettings(
                Duration.ofSeconds(25),
                Duration.ofSeconds(20),
                1_000_000,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                1 << 20);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value.toMillis() + " ms (expected: > 0 ms)");
        }
    }

    private static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " bytes (expected: > 0 bytes)");
        }
    }
}
