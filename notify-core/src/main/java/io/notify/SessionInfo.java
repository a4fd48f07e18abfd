package io.notify;

import java.time.Instant;

/**
 * One connection of a user.
 *
 * @param sessionId the sign-in session
 * @param socketId the connection
 * @param transport how it is connected
 * @param connectedAt since when
 */
public record SessionInfo(String sessionId, String socketId, Transport transport, Instant connectedAt) {}
