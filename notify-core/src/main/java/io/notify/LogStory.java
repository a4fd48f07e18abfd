package io.notify;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything the log knows of one notification.
 *
 * @param row the row
 * @param connections how many connections took it, replays included
 * @param expiresAt when it is no longer worth delivering; null means never
 * @param collapseKey what replaces what; null for none
 * @param replacedBy the last row of the same audience and collapse key, if that is a later one; null if not, and for an
 *     audience that is a list, where a later row replaces only for those it names
 * @param recipients the users of an audience that is a list, at most {@link #MAX_LISTED}; else empty
 * @param recipientCount how many there are
 * @param reads who has read it and when, the first ones first, at most {@link #MAX_LISTED}
 * @param readCount how many have
 * @param acknowledgedAt when the owner of a personal row last acknowledged, if that was this row or a later one
 */
public record LogStory(
        LogRow row,
        int connections,
        @Nullable Instant expiresAt,
        @Nullable String collapseKey,
        @Nullable Position replacedBy,
        List<String> recipients,
        long recipientCount,
        List<Reading> reads,
        long readCount,
        @Nullable Instant acknowledgedAt) {

    /** How many users a story names: 100. */
    public static final int MAX_LISTED = 100;

    public LogStory {
        recipients = List.copyOf(recipients);
        reads = List.copyOf(reads);
    }

    /** One user's first reading. */
    public record Reading(String userId, Instant readAt) {}
}
