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
 * The rows that a reader may see, each once: one branch for each index that holds some of them, each ordered and bounded
 * by itself, so that no branch reads more than the page, or than the user's rows of a {@link UserRows.Part}.
 */
final class VisibleRows {
    private static final String UNION = " UNION ALL ";
    private static final String RECEIPT =
            " LEFT JOIN notification_receipts rc ON rc.notification_id = l.id AND rc.user_id = :user";
    private static final String KEYS = "l.seq AS seq, l.id AS id, l.user_id AS owner";
    private static final String RECORD =
            KEYS + ", l.event AS event, l.payload AS payload, l.created_at AS created_at, l.expires_at AS expires_at";

    private final UserRows userRows;
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
    record RowKey(long seq, UUID id, boolean own, boolean shared) {}

    /** The rows of the range {@code (after, through]}. */
    VisibleRows(UserRows userRows, LogReader reader, long after, long through) {
        this.userRows = userRows;
        this.reader = reader;
        this.audiences = List.copyOf(reader.audiences());
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
                        Utc.instant(row, "created_at"),
                        Utc.nullableInstant(row, "expires_at"),
                        Utc.nullableInstant(row, "read_at")));
    }

    List<RowKey> fetchKeys(Handle handle, int limit) {
        return fetch(
                handle,
                KEYS,
                limit,
                (row, context) -> new RowKey(
                        row.getLong("seq"),
                        UUID.fromString(row.getString("id")),
                        row.getInt("own") == 1,
                        row.getString("owner").equals(LogEntry.EVERY_USER)));
    }

    private <T> List<T> fetch(Handle handle, String columns, int limit, RowMapper<T> mapper) {
        String sql = union(columns, true);
        List<T> found = new ArrayList<>();
        for (UserRows.Part part : userRows.parts(handle, after, through, newestFirst)) {
            if (found.size() == limit) {
                break;
            }
            found.addAll(bind(handle.createQuery(sql), part, limit - found.size())
                    .map(mapper)
                    .list());
        }
        return found;
    }

    /** How many there are, counted up to a bound. */
    long count(Handle handle, long atMost) {
        String sql = "SELECT COUNT(*) FROM (" + union(KEYS, false) + ") counted";
        long counted = 0;
        for (UserRows.Part part : userRows.parts(handle, after, through, newestFirst)) {
            if (counted == atMost) {
                break;
            }
            counted += bind(handle.createQuery(sql), part, atMost - counted)
                    .mapTo(Long.class)
                    .one();
        }
        return counted;
    }

    private Query bind(Query query, UserRows.Part part, long limit) {
        query.bind("user", reader.userId())
                .bind("after", part.after())
                .bind("through", part.through())
                .bind("limit", limit);
        if (ownsRows) {
            userRows.bind(query, part, "user", reader.userId());
        }
        for (int i = 0; i < audiences.size(); i++) {
            query.bind("audience" + i, audiences.get(i));
            String owner = otherOwner(audiences.get(i));
            if (owner != null) {
                query.bind("owner" + i, owner);
                userRows.bind(query, part, "owner" + i, owner);
            }
        }
        if (now != null) {
            query.bind("now", Utc.argument(now));
        }
        if (event != null) {
            query.bind("event", event);
        }
        if (withoutReplaced) {
            query.bind("end", through);
        }
        return query;
    }

    private String union(String columns, boolean ordered) {
        List<String> branches = new ArrayList<>();
        if (ownsRows) {
            branches.add(branch(columns, "l.read_at", 1, userRows.from("user"), "l.user_id = :user", "l.user_id", "l"));
        }
        branches.add(branch(
                columns,
                "rc.read_at",
                0,
                "notification_recipients r JOIN notification_logs l ON l.seq = r.seq" + RECEIPT,
                "r.user_id = :user" + notOwn() + notOfAudiences(),
                "r.user_id",
                "r"));
        for (int i = 0; i < audiences.size(); i++) {
            branches.add(audienceBranch(
                    columns, "notification_logs l", "l.audience = :audience" + i + notOwn(), "l.audience"));
            if (otherOwner(audiences.get(i)) != null) {
                String others = "l.user_id = :owner" + i + " AND l.audience IS NULL";
                branches.add(audienceBranch(columns, userRows.from("owner" + i), others, "l.user_id"));
            }
        }
        if (branches.size() == 1) {
            return branches.get(0); // which H2 takes for no union
        }
        String union = branches.stream().map(branch -> "(" + branch + ")").collect(Collectors.joining(UNION));
        return union + (ordered ? " ORDER BY seq" + direction() : "") + " LIMIT :limit";
    }

    /** Whose own rows an audience is, unless they are the reader's, which have a branch already. */
    private @Nullable String otherOwner(String audience) {
        String owner = AudienceColumn.owner(audience);
        return reader.userId().equals(owner) ? null : owner;
    }

    private String audienceBranch(String columns, String from, String condition, String leading) {
        return branch(columns, "rc.read_at", 0, from + RECEIPT, condition, leading, "l");
    }

    private String notOwn() {
        return ownsRows ? " AND l.user_id <> :user" : "";
    }

    private String notOfAudiences() {
        return audiences.isEmpty()
                ? ""
                : IntStream.range(0, audiences.size())
                        .mapToObj(i -> ":audience" + i)
                        .collect(Collectors.joining(", ", " AND " + AudienceColumn.VALUE + " NOT IN (", ")"));
    }

    private String direction() {
        return newestFirst ? " DESC" : "";
    }

    /**
     * One branch.
     *
     * @param leading the index's first column, which is constant here but must be named for H2 to read in its order
     * @param ranged the alias of the table whose index is read
     */
    private String branch(
            String columns, String readAt, int own, String from, String condition, String leading, String ranged) {
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
            sql.append(" AND NOT EXISTS (SELECT 1 FROM notification_collapses c" + sameReader
                    + " WHERE c.audience = " + AudienceColumn.VALUE + " AND c.collapse_key = l.collapse_key"
                    + " AND c.seq > l.seq AND c.seq <= :end)");
        }
        return sql.append(" ORDER BY " + leading + direction() + ", " + ranged + ".seq" + direction())
                .append(" LIMIT :limit")
                .toString();
    }
}
