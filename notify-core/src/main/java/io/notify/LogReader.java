package io.notify;

import java.util.Set;

/**
 * A reader of the log. It sees its user's own rows, rows that name the user as a recipient, and rows for its audiences.
 *
 * @param userId the user
 * @param audiences {@link Audience#key()}s the reader belongs to, such as {@code role:ADMIN}, {@code everyone}
 */
public record LogReader(String userId, Set<String> audiences) {
    public LogReader {
        audiences = Set.copyOf(audiences);
    }
}
