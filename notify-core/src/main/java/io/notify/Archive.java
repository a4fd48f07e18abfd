package io.notify;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The operators' side of the log. Nothing blocks: the work is done on reader threads, where the stages complete, and
 * exceptionally with {@link LogUnavailableException} if the log cannot be reached.
 */
public interface Archive {
    /** A page of rows, newest first. */
    CompletionStage<LogPage> logs(LogFilter filter);

    /** One notification's whole story; empty if the log has no such row, as with a volatile one or an old one. */
    CompletionStage<Optional<Story>> story(UUID id);

    /** Sums over the rows created in the whole hours, UTC, that {@code [from, to)} touches. */
    CompletionStage<LogStats> stats(Instant from, Instant to);
}
