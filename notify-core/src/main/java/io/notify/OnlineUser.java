package io.notify;

import java.util.List;
import java.util.Set;

/**
 * A user who is connected.
 *
 * @param userId who
 * @param roles what their tokens list
 * @param sessions their connections, one or more
 */
public record OnlineUser(String userId, Set<String> roles, List<SessionInfo> sessions) {
    public OnlineUser {
        roles = Set.copyOf(roles);
        sessions = List.copyOf(sessions);
    }
}
