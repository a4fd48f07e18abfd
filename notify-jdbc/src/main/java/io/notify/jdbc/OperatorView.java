package io.notify.jdbc;

import io.notify.Audience;
import io.notify.LogEntry;
import io.notify.LogFilter;
import io.notify.LogPage;
import io.notify.LogRow;
import io.notify.LogStats;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** What an operator asks for is only ever bound, never part of a statement. */
final class OperatorView {
    static final String COLUMNS =
            "id, seq, user_id, audience, event, payload, delivered, delivered_at, error," + " read_at, created_at";
    private static final String IN_SPAN = " FROM notification_logs WHERE created_at >= :from AND created_at < :to";

    private final Database database;
    private final Dialect dialect;

    OperatorView(Database database, Dialect dialect) {
        this.database = database;
        this.dialect = dialect;
    }

    LogPage logs(LogFilter filter) {
        return database.readPatiently(handle -> {
            Head head = Head.read(handle);
            // first the numbers, from indexes alone where they suffice, then the rows of one page
            List<Long> found = numbers(handle, filter);
            boolean more = found.size() > filter.limit();
            List<Long> page = found.subList(0, Math.min(found.size(), filter.limit()));
            return new LogPage(rows(handle, head, page), more ? page.get(page.size() - 1) : null);
        });
    }

    private static List<Long> numbers(Handle handle, LogFilter filter) {
        if (isContradictory(filter) || isUnknownEvent(handle, filter) || isEmptySpan(handle, filter)) {
            return List.of();
        }
        String audience = filter.audience();
        if (audience == null) {
            return numbers(handle, filter, null, null);
        }
        List<Long> stored = numbers(handle, filter, "audience", audience);
        String owner = AudienceColumn.owner(audience);
        if (owner == null || (filter.userId() != null && !filter.userId().equals(owner))) {
            return stored;
        }
        // two queries, each along an index, rather than one with OR
        List<Long> own = numbers(handle, filter, "user_id", owner);
        return Stream.concat(stored.stream(), own.stream())
                .sorted(Comparator.reverseOrder())
                .limit(filter.limit() + 1L)
                .toList();
    }

    /** A user's own rows are of no other audience: to look for one would walk through all they have. */
    private static boolean isContradictory(LogFilter filter) {
        String user = filter.userId();
        String audience = filter.audience();
        return user != null
                && audience != null
                && !user.equals(LogEntry.EVERY_USER)
                && !audience.equals(Audience.user(user).key());
    }

    private static boolean isUnknownEvent(Handle handle, LogFilter f) {
        return f.event() != null
                && handle.createQuery("SELECT seq FROM notification_logs WHERE event = :event LIMIT 1")
                        .bind("event", f.event())
                        .mapTo(Long.class)
                        .list()
                        .isEmpty();
    }

    /** A span without a row is told by its index; the other indexes would be walked from end to end for it. */
    private static boolean isEmptySpan(Handle handle, LogFilter f) {
        if (f.from() == null && f.to() == null) {
            return false;
        }
        List<String> conditions = new ArrayList<>();
        addIf(f.from() != null, conditions, "created_at >= :from");
        addIf(f.to() != null, conditions, "created_at < :to");
        Query query = handle.createQuery("SELECT created_at FROM notification_logs WHERE "
                + String.join(" AND ", conditions) + " ORDER BY created_at LIMIT 1");
        bindIf(query, "from", f.from() == null ? null : Utc.argument(f.from()));
        bindIf(query, "to", f.to() == null ? null : Utc.argument(f.to()));
        return query.mapToMap().list().isEmpty();
    }

    /** @param column what stands for the filter's audience: the column of it, or of the user whose own rows it means */
    private static List<Long> numbers(Handle handle, LogFilter f, @Nullable String column, @Nullable String value) {
        List<String> conditions = new ArrayList<>();
        addIf(column != null, conditions, column + " = :value");
        addIf("user_id".equals(column), conditions, "audience IS NULL");
        addIf(f.userId() != null, conditions, "user_id = :user");
        addIf(f.event() != null, conditions, "event = :event");
        addIf(f.delivered() != null, conditions, "delivered = :delivered");
        addIf(f.read() != null, conditions, Boolean.TRUE.equals(f.read()) ? "read_at IS NOT NULL" : "read_at IS NULL");
        addIf(f.from() != null, conditions, "created_at >= :from");
        addIf(f.to() != null, conditions, "created_at < :to");
        addIf(f.text() != null, conditions, "LOWER(payload) LIKE LOWER(:text) ESCAPE '!'");
        addIf(f.before() != null, conditions, "seq < :before");
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        Query query = handle.createQuery("SELECT seq FROM notification_logs" + where + " ORDER BY " + leading(f, column)
                + "seq DESC LIMIT :limit");
        bindIf(query, "value", value);
        bindIf(query, "user", f.userId());
        bindIf(query, "event", f.event());
        bindIf(query, "delivered", f.delivered());
        bindIf(query, "before", f.before());
        bindIf(query, "from", f.from() == null ? null : Utc.argument(f.from()));
        bindIf(query, "to", f.to() == null ? null : Utc.argument(f.to()));
        bindIf(query, "text", f.text() == null ? null : "%" + escaped(f.text()) + "%");
        return query.bind("limit", f.limit() + 1).mapTo(Long.class).list();
    }

    /** The column of the index to be read, constant as it is: H2 sorts unless the order names it. */
    private static String leading(LogFilter f, @Nullable String column) {
        boolean ownRows = f.userId() != null && !f.userId().equals(LogEntry.EVERY_USER);
        String leading = ownRows
                ? "user_id"
                : column != null ? column : f.userId() != null ? "user_id" : f.event() != null ? "event" : "";
        return leading.isEmpty() ? "" : leading + " DESC, ";
    }

    private static List<LogRow> rows(Handle handle, Head head, List<Long> numbers) {
        if (numbers.isEmpty()) {
            return List.of();
        }
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM notification_logs WHERE seq IN (<numbers>) ORDER BY seq DESC")
                .bindList("numbers", numbers)
                .map((row, context) -> row(head, row))
                .list();
    }

    /** @param row one that holds {@link #COLUMNS} */
    static LogRow row(Head head, ResultSet row) throws SQLException {
        return new LogRow(
                UUID.fromString(row.getString("id")),
                head.position(row.getLong("seq")),
                row.getString("user_id"),
                AudienceColumn.audience(row.getString("audience"), row.getString("user_id")),
                row.getString("event"),
                row.getString("payload").getBytes(StandardCharsets.UTF_8),
                row.getBoolean("delivered"),
                Utc.nullableInstant(row, "delivered_at"),
                row.getString("error"),
                Utc.nullableInstant(row, "read_at"),
                Utc.instant(row, "created_at"));
    }

    private static void addIf(boolean wanted, List<String> conditions, String condition) {
        if (wanted) {
            conditions.add(condition);
        }
    }

    private static void bindIf(Query query, String name, @Nullable Object value) {
        if (value != null) {
            query.bind(name, value);
        }
    }

    /** Not with a backslash, which MariaDB takes for its own even there. */
    private static String escaped(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    LogStats stats(Instant from, Instant to) {
        return database.readPatiently(handle -> {
            Totals totals = totals(handle, from, to);
            NavigableMap<Long, Long> waits = waits(handle, from, to);
            return new LogStats(
                    totals.total,
                    totals.delivered,
                    totals.read,
                    totals.byEvent,
                    totals.byHour,
                    nearestRank(waits, 50),
                    nearestRank(waits, 99));
        });
    }

    private static final class Totals {
        private final Map<String, Long> byEvent = new HashMap<>();
        private final Map<Instant, Long> byHour = new HashMap<>();
        private long total;
        private long delivered;
        private long read;
    }

    private Totals totals(Handle handle, Instant from, Instant to) {
        Totals totals = new Totals();
        String hour = dialect.hourOfCreation();
        handle.createQuery("SELECT event, " + hour + " AS created_hour, COUNT(*) AS total,"
                        + " SUM(CASE WHEN delivered THEN 1 ELSE 0 END) AS delivered, COUNT(read_at) AS was_read"
                        + IN_SPAN + " GROUP BY event, " + hour)
                .bind("from", Utc.argument(from))
                .bind("to", Utc.argument(to))
                .map((row, context) -> {
                    long total = row.getLong("total");
                    totals.byEvent.merge(row.getString("event"), total, Long::sum);
                    totals.byHour.merge(Utc.instant(row, "created_hour"), total, Long::sum);
                    totals.total += total;
                    totals.delivered += row.getLong("delivered");
                    totals.read += row.getLong("was_read");
                    return totals;
                })
                .list();
        return totals;
    }

    /** How many rows waited how many milliseconds: far fewer lines than rows. */
    private NavigableMap<Long, Long> waits(Handle handle, Instant from, Instant to) {
        NavigableMap<Long, Long> waits = new TreeMap<>();
        String millis = dialect.millisToDelivery();
        handle.createQuery("SELECT " + millis + " AS millis, COUNT(*) AS total" + IN_SPAN
                        + " AND delivered_at IS NOT NULL GROUP BY " + millis)
                .bind("from", Utc.argument(from))
                .bind("to", Utc.argument(to))
                .map((row, context) -> waits.merge(Math.max(0, row.getLong("millis")), row.getLong("total"), Long::sum))
                .list();
        return waits;
    }

    private static @Nullable Long nearestRank(NavigableMap<Long, Long> counts, int percent) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        long rank = (all * percent + 99) / 100;
        long seen = 0;
        for (Map.Entry<Long, Long> count : counts.entrySet()) {
            seen += count.getValue();
            if (seen >= rank) {
                return count.getKey();
            }
        }
        return null;
    }
}
