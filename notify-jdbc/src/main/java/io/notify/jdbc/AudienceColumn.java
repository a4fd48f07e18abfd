package io.notify.jdbc;

import io.notify.LogEntry;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The audience of a user's own row is not stored: it follows from the user. An index entry for it would lie at a place of
 * its own, next to the one for the user, and on H2 each such place is a page to be written with the commit.
 */
final class AudienceColumn {
    /** What the column of {@code l} stands for. */
    static final String VALUE = "COALESCE(l.audience, CONCAT('user:', l.user_id))";

    private static final Set<String> LISTS = Set.of("users", "nearby");
    private static final String USER = "user:";

    private AudienceColumn() {}

    static @Nullable String of(LogEntry entry) {
        boolean own =
                !entry.userId().equals(LogEntry.EVERY_USER) && entry.audience().equals(USER + entry.userId());
        return own ? null : entry.audience();
    }

    static String audience(@Nullable String column, String userId) {
        return column == null ? USER + userId : column;
    }

    /** Whether the rows of this audience list their recipients. */
    static boolean isList(String audience) {
        return LISTS.contains(audience);
    }

    /** Whose own rows this audience is; null if nobody's. */
    static @Nullable String owner(String audience) {
        return audience.startsWith(USER) ? audience.substring(USER.length()) : null;
    }
}
