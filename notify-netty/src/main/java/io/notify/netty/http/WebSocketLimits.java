package io.notify.netty.http;

import java.time.Duration;

/**
 * What one WebSocket bears; every value is positive. Internal to notify-netty.
 *
 * @param maxMessageBytes received, all fragments together; more closes with 1009
 * @param maxFragments of a message; more closes with 1008
 * @param messageTime from a message's first byte to its last; longer closes with 1008
 * @param maxPendingBytes offered that the network has not taken
 */
public record WebSocketLimits(int maxMessageBytes, int maxFragments, Duration messageTime, int maxPendingBytes) {
    public WebSocketLimits {
        HttpLimits.positive("maxMessageBytes", maxMessageBytes);
        HttpLimits.positive("maxFragments", maxFragments);
        HttpLimits.positive("messageTime", messageTime);
        HttpLimits.positive("maxPendingBytes", maxPendingBytes);
    }

    /** With at most 128 fragments a message. */
    public static WebSocketLimits of(int maxMessageBytes, Duration messageTime, int maxPendingBytes) {
        return new WebSocketLimits(maxMessageBytes, 128, messageTime, maxPendingBytes);
    }
}
