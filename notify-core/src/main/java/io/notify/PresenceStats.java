package io.notify;

import java.util.Map;

/**
 * Who is connected, counted.
 *
 * @param onlineUsers users with at least one connection, each once
 * @param usersByRole the same, by role
 * @param connections all connections
 * @param connectionsByTransport the same, by {@link Transport#wireName()}
 * @param sessions distinct sign-in sessions
 */
public record PresenceStats(
        int onlineUsers,
        Map<String, Integer> usersByRole,
        int connections,
        Map<String, Integer> connectionsByTransport,
        int sessions) {
    public PresenceStats {
        usersByRole = Map.copyOf(usersByRole);
        connectionsByTransport = Map.copyOf(connectionsByTransport);
    }
}
