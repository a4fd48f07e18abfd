package io.notify;

import org.jspecify.annotations.Nullable;

/**
 * Which part of their history a user asks for. With {@code after} the rows ascend from it; else they are the newest below
 * {@code before}, likewise ascending.
 *
 * @param after rows beyond this number, or null
 * @param before rows below this number, or null
 * @param limit 1 to 100
 * @param unreadOnly whether only rows not yet read
 * @param event only this event, or null for all
 */
public record HistoryQuery(
        @Nullable Long after,
        @Nullable Long before,
        int limit,
        boolean unreadOnly,
        @Nullable String event) {
    public HistoryQuery {
        if (limit < 1 || limit > 100) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to 100)");
        }
    }
}
