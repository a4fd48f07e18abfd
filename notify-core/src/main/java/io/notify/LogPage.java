package io.notify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of an operator's listing.
 *
 * @param rows newest first
 * @param next the {@link LogFilter#before()} of the next page; null on the last
 */
public record LogPage(List<LogRow> rows, @Nullable Long next) {
    public LogPage {
        rows = List.copyOf(rows);
    }
}
