package io.notify.jdbc;

import io.notify.HistoryQuery;
import io.notify.LogReader;
import io.notify.LogRecord;
import io.notify.LogSlice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * What a reader is told is complete up to the head told with it: the head is read first, so every row up to it is
 * committed when the rows are read, and what was purged last, so no row can vanish between the two unnoticed.
 */
final class Reads {
    private static final long MAX_UNREAD = 10_000;

    private final Database database;

    Reads(Database database) {
        this.database = database;
    }

    LogSlice read(LogReader reader, long after, int limit, Instant now) {
        return database.read(handle -> {
            Head head = Head.read(handle);
            List<LogRecord> found = new VisibleRows(reader, after, head.seq())
                    .unexpiredAt(now)
                    .withoutReplaced()
                    .fetch(handle, head, limit + 1);
            return slice(handle, head, found, limit, false);
        });
    }

    long count(LogReader reader, long after, long atMost, Instant now) {
        return database.read(
                handle -> new VisibleRows(reader, after, Head.read(handle).seq())
                        .unexpiredAt(now)
                        .withoutReplaced()
                        .count(handle, atMost));
    }

    LogSlice history(LogReader reader, HistoryQuery query, Instant now) {
        Long after = query.after();
        Long before = query.before();
        return database.read(handle -> {
            Head head = Head.read(handle);
            long through = before == null ? head.seq() : Math.min(head.seq(), before - 1);
            VisibleRows rows = new VisibleRows(reader, after == null ? 0 : after, through)
                    .unexpiredAt(now)
                    .ofEvent(query.event())
                    .unreadOnly(query.unreadOnly())
                    .newestFirst(after == null);
            List<LogRecord> found =
                    (after == null ? rows : rows.withoutReplaced()).fetch(handle, head, query.limit() + 1);
            return slice(handle, head, found, query.limit(), after == null);
        });
    }

    long unread(LogReader reader, Instant now) {
        return database.read(
                handle -> new VisibleRows(reader, 0, Head.read(handle).seq())
                        .unexpiredAt(now)
                        .unreadOnly(true)
                        .count(handle, MAX_UNREAD));
    }

    private static LogSlice slice(Handle handle, Head head, List<LogRecord> found, int limit, boolean newestFirst) {
        List<LogRecord> records = new ArrayList<>(found.subList(0, Math.min(limit, found.size())));
        if (newestFirst) {
            Collections.reverse(records);
        }
        long purgedThrough = Head.read(handle).purgedThrough();
        return new LogSlice(head.position(), purgedThrough, records, found.size() > limit);
    }
}
