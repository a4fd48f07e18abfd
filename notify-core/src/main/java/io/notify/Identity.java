package io.notify;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected, as their token says.
 *
 * @param userId the token's {@code sub}
 * @param roles what the token lists, as written
 * @param sessionId the token's {@code sid} or {@code sessionId}; null if it has none
 * @param expiresAt when the token ends, and the connection with it; null means never
 */
public record Identity(
        String userId,
        Set<String> roles,
        @Nullable String sessionId,
        @Nullable Instant expiresAt) {
    public Identity {
        Names.visible("sub", userId);
        roles = Set.copyOf(roles);
        roles.forEach(role -> Names.visible("role", role));
        if (sessionId != null) {
            Names.visible("sid", sessionId);
        }
    }

    public boolean hasRole(String role) {
        return roles.contains(role);
    }
}
