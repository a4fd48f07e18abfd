package io.notify.netty.http;

import java.time.Duration;

/**
 * The limits of one WebSocket. Every value is positive. Internal to notify-netty.
 *
 * @param maxMessageBytes length of a received message, all fragments together; a longer one closes with 1009
 * @param maxFragments fragments of a received message; more close with 1008
 * @param messageTime time from the first byte of a message to the last; a slower one closes with 1008
 * @param maxPendingBytes bytes offered and not yet taken by the network
 */
public record WebSocketLimits(int maxMessageBytes, int maxFragments, Duration messageTime, int maxPendingBytes) {
    public WebSocketLimits {
        HttpLimits.positive("maxMessageBytes", maxMessageBytes);
        HttpLimits.positive("maxFragments", maxFragments);
        HttpLimits.positive("messageTime", messageTime);
        HttpLimits.positive("maxPendingBytes", maxPendingBytes);
    }

    /** Returns limits with at most 128 fragments per message. */
    public static WebSocketLimits of(int maxMessageBytes, Duration messageTime, int maxPendingBytes) {
        return new WebSocketLimits(maxMessageBytes, 128, messageTime, maxPendingBytes);
    }
}
