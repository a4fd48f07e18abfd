package io.notify;

import java.util.Set;

/**
 * Who reads the log: sees the rows of their own, those that list them among the recipients, and those of these audiences.
 *
 * @param userId the user
 * @param audiences {@link Audience#key()}s the reader belongs to, such as {@code role:ADMIN}, {@code everyone}
 */
public record LogReader(String userId, Set<String> audiences) {
    public LogReader {
        audiences = Set.copyOf(audiences);
    }
}
