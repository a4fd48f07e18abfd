package io.notify.jdbc;

import io.notify.LogEntry;
import io.notify.LogFilter;
import io.notify.LogPage;
import io.notify.LogRow;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** An operator's listing. Values are only ever bound, never part of a statement. */
final class OperatorRows {
    static final String COLUMNS =
            "id, seq, user_id, audience, event, payload, delivered, delivered_at, error, read_at, created_at";

    private static final String USER = "user:";

    /** A span with at most this many rows is searched along the index of times; a longer one, along the log from its end. */
    private static final long SHORT_SPAN = 200_000;

    /** How many payloads are searched for a text at once, so that memory is bounded. */
    private static final int PAYLOADS = 2_000;

    private final Database database;

    OperatorRows(Database database) {
        this.database = database;
    }

    LogPage page(LogFilter filter) {
        return database.readPatiently(handle -> {
            Head head = Head.read(handle);
            List<Long> found = new Search(handle, filter, head).numbers(filter.limit() + 1);
            boolean more = found.size() > filter.limit();
            List<Long> page = found.subList(0, Math.min(found.size(), filter.limit()));
            return new LogPage(rows(handle, head, page), more ? page.get(page.size() - 1) : null);
        });
    }

    private static List<LogRow> rows(Handle handle, Head head, List<Long> numbers) {
        if (numbers.isEmpty()) {
            return List.of();
        }
        return handle.createQuery("SELECT " + COLUMNS + " FROM notification_logs WHERE seq IN ("
                        + numbers.stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + ") ORDER BY seq DESC")
                .map((row, context) -> row(head, row))
                .list();
    }

    /** @param row one that holds {@link #COLUMNS} */
    static LogRow row(Head head, ResultSet row) throws SQLException {
        return new LogRow(
                UUID.fromString(row.getString("id")),
                head.position(row.getLong("seq")),
                row.getString("user_id"),
                row.getString("audience"),
                row.getString("event"),
                row.getString("payload").getBytes(StandardCharsets.UTF_8),
                row.getBoolean("delivered"),
                Times.nullableInstant(row, "delivered_at"),
                row.getString("error"),
                Times.nullableInstant(row, "read_at"),
                Times.instant(row, "created_at"));
    }

    /**
     * Finds the numbers of the rows that a filter wants, newest first, along one index: that of the user, else of the audience,
     * else of the event, else of the time, else the log from its end. The columns of the other conditions are wrapped in a
     * COALESCE, which keeps a planner without statistics from choosing their indexes.
     */
    private static final class Search {
        private final Handle handle;
        private final LogFilter filter;
        private final List<String> conditions = new ArrayList<>();
        private final Map<String, Object> values = new LinkedHashMap<>();
        private final @Nullable String user;
        private String order = "seq";
        private long after;
        private long through;

        Search(Handle handle, LogFilter filter, Head head) {
            this.handle = handle;
            this.filter = filter;
            this.through = filter.before() == null ? head.seq() : Math.min(head.seq(), filter.before() - 1);
            String audience = filter.audience();
            String owner = audience == null ? null : owner(audience);
            this.user = filter.userId() == null ? owner : filter.userId();
            if (owner != null && !owner.equals(user)) {
                this.after = through; // a user's rows are of no other audience
            }
            boolean byTime = limitToSpan() && user == null && filter.event() == null && filter.text() == null;
            boolean wide = LogEntry.EVERY_USER.equals(user);
            boolean byEvent = filter.event() != null && (user == null || (wide && audience == null));
            if (wide) {
                // a literal: the index of audiences is partial, and a planner only uses it if it sees the literal
                conditions.add((byEvent ? hidden("user_id") : "user_id") + " = '*'");
            } else if (user != null) {
                where("user_id = :user", "user", user);
            }
            if (audience != null) {
                where("audience = :audience", "audience", audience);
            }
            if (filter.event() != null) {
                where((byEvent ? "event" : hidden("event")) + " = :event", "event", filter.event());
            }
            if (filter.delivered() != null) {
                where("delivered = :delivered", "delivered", filter.delivered());
            }
            if (filter.read() != null) {
                conditions.add(filter.read() ? "read_at IS NOT NULL" : "read_at IS NULL");
            }
            String time = byTime ? "created_at" : hidden("created_at");
            if (filter.from() != null) {
                where(time + " >= :from", "from", filter.from());
            }
            if (filter.to() != null) {
                where(time + " < :to", "to", filter.to());
            }
            if (byTime) {
                order = hidden("seq");
            }
        }

        /** Whose rows an audience is; {@code *} for all that are not one user's. */
        private static String owner(String audience) {
            return audience.startsWith(USER) ? audience.substring(USER.length()) : LogEntry.EVERY_USER;
        }

        private static String hidden(String column) {
            return "COALESCE(" + column + ", " + column + ")";
        }

        private void where(String condition, String name, Object value) {
            conditions.add(condition);
            values.put(name, value);
        }

        /** @return whether there is a span of time, and a short one */
        private boolean limitToSpan() {
            if (filter.from() == null && filter.to() == null) {
                return false;
            }
            Rollup.Range range = Rollup.range(
                    handle,
                    Objects.requireNonNullElse(filter.from(), Instant.MIN),
                    Objects.requireNonNullElse(filter.to(), Instant.MAX));
            after = Math.max(after, range.after());
            through = Math.min(through, range.through());
            return range.rows() <= SHORT_SPAN;
        }

        List<Long> numbers(int limit) {
            if (filter.text() == null) {
                return after >= through
                        ? List.of()
                        : query("seq", limit).mapTo(Long.class).list();
            }
            Texts text = new Texts(filter.text());
            List<Long> found = new ArrayList<>();
            while (after < through && found.size() < limit) {
                List<Map.Entry<Long, Boolean>> searched = query("seq, payload", PAYLOADS)
                        .map((row, context) -> Map.entry(row.getLong("seq"), text.isIn(row.getString("payload"))))
                        .list();
                searched.stream()
                        .filter(Map.Entry::getValue)
                        .limit(limit - found.size())
                        .forEach(row -> found.add(row.getKey()));
                through = searched.size() < PAYLOADS
                        ? after
                        : searched.get(PAYLOADS - 1).getKey() - 1;
            }
            return found;
        }

        private Query query(String columns, int limit) {
            List<String> all = new ArrayList<>(conditions);
            all.add(order + " > :after AND " + order + " <= :through");
            Query query = handle.createQuery("SELECT " + columns + " FROM notification_logs WHERE "
                            + String.join(" AND ", all) + " ORDER BY " + order + " DESC LIMIT :limit")
                    .bind("after", after)
                    .bind("through", through)
                    .bind("limit", limit);
            values.forEach(query::bind);
            return query;
        }
    }
}
