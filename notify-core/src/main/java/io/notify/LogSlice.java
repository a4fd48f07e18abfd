package io.notify;

import java.util.List;

/**
 * A run of rows for one reader, and how complete it is.
 *
 * @param head the end of the whole log when it was read
 * @param purgedThrough rows of this epoch at or below this number may have been purged; 0 if none
 * @param records in ascending order
 * @param more whether there are further rows for this reader beyond these, up to {@code head}
 */
public record LogSlice(Position head, long purgedThrough, List<LogRecord> records, boolean more) {
    public LogSlice {
        records = List.copyOf(records);
    }
}
