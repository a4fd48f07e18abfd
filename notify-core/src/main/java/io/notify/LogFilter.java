package io.notify;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which rows an operator asks for, newest first; null means any.
 *
 * @param userId rows of this user; {@code *} for the audience-wide ones
 * @param event this event
 * @param audience this {@link Audience#key()}
 * @param delivered whether handed to a connection
 * @param read whether read by somebody
 * @param from created at or after
 * @param to created before
 * @param text what the payload contains, as written, in any letter case
 * @param before rows below this number (the cursor), or null for the first page
 * @param limit 1 to 500
 */
public record LogFilter(
        @Nullable String userId,
        @Nullable String event,
        @Nullable String audience,
        @Nullable Boolean delivered,
        @Nullable Boolean read,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String text,
        @Nullable Long before,
        int limit) {
    private static final int MAX_LIMIT = 500;

    public LogFilter {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + MAX_LIMIT + ")");
        }
    }
}
