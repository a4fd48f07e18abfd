package io.notify;

import java.time.Instant;
import java.util.Set;

/**
 * One connection of a user.
 *
 * @param sessionId the sign-in session
 * @param socketId the connection
 * @param transport how it is connected
 * @param connectedAt since when
 * @param rooms the names of the rooms it is in, its own included
 */
public record SessionInfo(
        String sessionId, String socketId, Transport transport, Instant connectedAt, Set<String> rooms) {
    public SessionInfo {
        rooms = Set.copyOf(rooms);
    }
}
