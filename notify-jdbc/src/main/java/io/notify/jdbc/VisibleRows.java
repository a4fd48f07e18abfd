package io.notify.jdbc;

import io.notify.LogEntry;
import io.notify.LogReader;
import io.notify.LogRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a reader may see, each once. The query has one branch for each index that holds some of them; each branch is
 * ordered and bounded by itself, so that none reads more than the page.
 */
final class VisibleRows {
    private static final String RECEIPT =
            " LEFT JOIN notification_receipts rc ON rc.notification_id = l.id AND rc.user_id = :user";
    private static final String USER = "user:";
    private static final String KEYS =
            "l.seq AS seq, l.id AS id, l.user_id AS owner, l.event AS event, l.created_at AS created_at";
    private static final String RECORD = KEYS + ", l.payload AS payload, l.expires_at AS expires_at";

    private final LogReader reader;
    private final List<String> audiences;
    private final boolean ownsRows;
    private final long after;
    private final long through;
    private @Nullable Instant now;
    private @Nullable String event;
    private boolean unreadOnly;
    private boolean withoutReplaced;
    private boolean newestFirst;

    /**
     * A row and whose it is.
     *
     * @param own whether the row itself, rather than a receipt, keeps when this reader read it
     * @param shared whether it is of more than one user
     */
    record RowKey(long seq, UUID id, String event, Instant createdAt, boolean own, boolean shared) {}

    /** The rows of the range {@code (after, through]}. */
    VisibleRows(LogReader reader, long after, long through) {
        this.reader = reader;
        // a list is seen by its recipients alone
        this.audiences = reader.audiences().stream()
                .filter(audience -> !NodeRows.LISTS.contains(audience))
                .toList();
        // a user of that name must not own everybody's rows
        this.ownsRows = !reader.userId().equals(LogEntry.EVERY_USER);
        this.after = after;
        this.through = through;
    }

    VisibleRows unexpiredAt(Instant now) {
        this.now = now;
        return this;
    }

    VisibleRows ofEvent(@Nullable String event) {
        this.event = event;
        return this;
    }

    VisibleRows unreadOnly(boolean unreadOnly) {
        this.unreadOnly = unreadOnly;
        return this;
    }

    /** Of rows with the same audience and collapse key only the last. */
    VisibleRows withoutReplaced() {
        this.withoutReplaced = true;
        return this;
    }

    VisibleRows newestFirst(boolean newestFirst) {
        this.newestFirst = newestFirst;
        return this;
    }

    /** @param head gives the positions their epoch */
    List<LogRecord> fetch(Handle handle, Head head, int limit) {
        return fetch(
                handle,
                RECORD,
                limit,
                (row, context) -> new LogRecord(
                        head.position(row.getLong("seq")),
                        UUID.fromString(row.getString("id")),
                        row.getString("event"),
                        row.getString("payload").getBytes(StandardCharsets.UTF_8),
                        Times.instant(row, "created_at"),
                        Times.nullableInstant(row, "expires_at"),
                        Times.nullableInstant(row, "read_at")));
    }

    List<RowKey> fetchKeys(Handle handle, int limit) {
        return fetch(
                handle,
                KEYS,
                limit,
                (row, context) -> new RowKey(
                        row.getLong("seq"),
                        UUID.fromString(row.getString("id")),
                        row.getString("event"),
                        Times.instant(row, "created_at"),
                        row.getInt("own") == 1,
                        row.getString("owner").equals(LogEntry.EVERY_USER)));
    }

    private <T> List<T> fetch(Handle handle, String columns, int limit, RowMapper<T> mapper) {
        return bind(handle.createQuery(union(columns)), limit).map(mapper).list();
    }

    /** How many there are, counted up to a bound. */
    long count(Handle handle, long atMost) {
        return bind(handle.createQuery("SELECT COUNT(*) FROM (" + union(KEYS) + ") AS counted"), atMost)
                .mapTo(Long.class)
                .one();
    }

    private Query bind(Query query, long limit) {
        query.bind("user", reader.userId())
                .bind("after", after)
                .bind("through", through)
                .bind("limit", limit);
        for (int i = 0; i < audiences.size(); i++) {
            query.bind("audience" + i, audiences.get(i));
            if (isOfOneUser(audiences.get(i))) {
                query.bind("owner" + i, audiences.get(i).substring(USER.length()));
            }
        }
        if (now != null) {
            query.bind("now", now);
        }
        if (event != null) {
            query.bind("event", event);
        }
        return query;
    }

    private String union(String columns) {
        List<String> branches = new ArrayList<>();
        if (ownsRows) {
            branches.add(branch(columns, "l.read_at", 1, "notification_logs l", "l.user_id = :user", "l"));
        }
        branches.add(branch(
                columns,
                "rc.read_at",
                0,
                "notification_recipients r JOIN notification_logs l ON l.seq = r.seq" + RECEIPT,
                "r.user_id = :user",
                "r"));
        for (int i = 0; i < audiences.size(); i++) {
            String audience = audiences.get(i);
            if (!ownsRows || !audience.equals(USER + reader.userId())) {
                String owner = isOfOneUser(audience) ? ":owner" + i : "'" + LogEntry.EVERY_USER + "'";
                branches.add(branch(
                        columns,
                        "rc.read_at",
                        0,
                        "notification_logs l" + RECEIPT,
                        "l.user_id = " + owner + " AND l.audience = :audience" + i,
                        "l"));
            }
        }
        return IntStream.range(0, branches.size())
                        .mapToObj(i -> "SELECT * FROM (" + branches.get(i) + ") AS b" + i)
                        .collect(Collectors.joining(" UNION ALL "))
                + " ORDER BY seq" + direction() + " LIMIT :limit";
    }

    private static boolean isOfOneUser(String audience) {
        return audience.startsWith(USER);
    }

    private String direction() {
        return newestFirst ? " DESC" : "";
    }

    /**
     * One branch.
     *
     * @param ranged the alias of the table whose index is read
     */
    private String branch(String columns, String readAt, int own, String from, String condition, String ranged) {
        StringBuilder sql = new StringBuilder("SELECT ")
                .append(columns)
                .append(", ")
                .append(readAt)
                .append(" AS read_at, ")
                .append(own)
                .append(" AS own FROM ")
                .append(from)
                .append(" WHERE ")
                .append(condition)
                .append(" AND " + ranged + ".seq > :after AND " + ranged + ".seq <= :through");
        if (now != null) {
            sql.append(" AND (l.expires_at IS NULL OR l.expires_at > :now)");
        }
        if (event != null) {
            sql.append(" AND l.event = :event");
        }
        if (unreadOnly) {
            sql.append(" AND " + readAt + " IS NULL");
        }
        if (withoutReplaced) {
            // a list replaces only for those whom the later one names too
            String sameReader = ranged.equals("r")
                    ? " JOIN notification_recipients cr ON cr.seq = c.seq AND cr.user_id = :user"
                    : "";
            sql.append(" AND NOT EXISTS (SELECT 1 FROM notification_logs c" + sameReader
                    + " WHERE c.audience = l.audience AND c.collapse_key = l.collapse_key"
                    + " AND c.seq > l.seq AND c.seq <= :through)");
        }
        return sql.append(" ORDER BY " + ranged + ".seq" + direction())
                .append(" LIMIT :limit")
                .toString();
    }
}
