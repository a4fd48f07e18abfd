package io.notify.netty.engineio;

import java.time.Duration;

/**
 * How sessions are kept; every value is positive. Internal to notify-netty.
 *
 * @param pingInterval between a client's last pong and the next ping
 * @param pingTimeout for the pong
 * @param maxPayload bytes of a request body or WebSocket message from a client; also aimed at in the answer to a poll
 * @param upgradeTimeout for the upgrade to WebSocket, from its request
 * @param messageTime from the first byte of a WebSocket message to its last
 * @param maxPendingBytes for a session, that the network has not taken
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

    /** The reference implementation's: 25 s, 20 s, 1,000,000 bytes, 10 s; and 10 s, 1 MiB. */
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
