package io.notify;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The users' own side of the log. Nothing blocks: the work is done on reader threads, where the stages complete, and
 * exceptionally with {@link LogUnavailableException} if the log cannot be reached.
 */
public interface Inbox {
    /** A page of the user's history. */
    CompletionStage<LogSlice> history(Identity identity, HistoryQuery query);

    /** How many notifications the user has not read, counted up to 10,000. */
    CompletionStage<Long> unread(Identity identity);

    /**
     * Marks one read and says {@code notificationRead} on the user's connections.
     *
     * @return when it was first read; empty if the user has no such notification
     */
    CompletionStage<Optional<Instant>> markRead(Identity identity, UUID notificationId);

    /**
     * Marks all read and says so on the user's connections.
     *
     * @return how many had not been read
     */
    CompletionStage<Long> markAllRead(Identity identity);
}
