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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** What an operator asks for is only ever bound, never part of a statement. */
final class OperatorView {
    static final String COLUMNS =
            "id, seq, user_id, audience, event, payload, delivered, delivered_at, error," + " read_at, created_at";

    /** How many at once, so that memory is bounded. */
    private static final int BLOCKS_TO_SUM = 512;

    private static final int BLOCKS_WITH_TEXTS = 16;
    private static final int PAYLOADS = 1_024;

    /** Where one row in so many may be the one, reading all between costs less than looking each up. */
    private static final int SPARSE = 8;

    private final Database database;

    OperatorView(Database database) {
        this.database = database;
    }

    LogPage logs(UserRows userRows, LogFilter filter) {
        return database.readPatiently(handle -> {
            Head head = Head.read(handle);
            // first the numbers, from indexes alone where they suffice, then the rows of one page
            List<Long> found = numbers(handle, userRows, head, filter);
            boolean more = found.size() > filter.limit();
            List<Long> page = found.subList(0, Math.min(found.size(), filter.limit()));
            return new LogPage(rows(handle, head, page), more ? page.get(page.size() - 1) : null);
        });
    }

    private static List<Long> numbers(Handle handle, UserRows userRows, Head head, LogFilter filter) {
        if (isContradictory(filter)) {
            return List.of();
        }
        Texts text = filter.text() == null ? null : new Texts(filter.text());
        Candidates candidates =
                new Candidates(handle, userRows, head, filter, text == null ? Integer.MAX_VALUE : BLOCKS_WITH_TEXTS);
        List<Long> found = new ArrayList<>();
        while (candidates.hasMore() && found.size() <= filter.limit()) {
            List<Long> next = candidates.next();
            found.addAll(text == null ? next : containing(handle, text, next));
        }
        return found.subList(0, Math.min(found.size(), filter.limit() + 1));
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

    private static List<Long> containing(Handle handle, Texts text, List<Long> numbers) {
        List<Long> found = new ArrayList<>();
        for (int from = 0; from < numbers.size(); from += PAYLOADS) {
            List<Long> part = numbers.subList(from, Math.min(numbers.size(), from + PAYLOADS));
            long highest = part.get(0);
            long lowest = part.get(part.size() - 1);
            boolean isDense = highest - lowest < (long) SPARSE * part.size();
            Set<Long> wanted = highest - lowest == part.size() - 1 ? Set.of() : new HashSet<>(part);
            Query query = isDense
                    ? handle.createQuery("SELECT seq, payload FROM notification_logs WHERE seq >= :lowest"
                                    + " AND seq <= :highest ORDER BY seq DESC")
                            .bind("lowest", lowest)
                            .bind("highest", highest)
                    : handle.createQuery("SELECT seq, payload FROM notification_logs WHERE seq IN (<numbers>)"
                                    + " ORDER BY seq DESC")
                            .bindList("numbers", part);
            query.map((row, context) -> Map.entry(row.getLong("seq"), row.getString("payload")))
                    .forEach(row -> {
                        if ((wanted.isEmpty() || wanted.contains(row.getKey())) && text.isIn(row.getValue())) {
                            found.add(row.getKey());
                        }
                    });
        }
        return found;
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

    LogStats stats(Instant from, Instant to) {
        return database.readPatiently(handle -> {
            Sums sums = new Sums(from, to);
            Blocks.Range range = from.isBefore(to) ? Blocks.range(handle, from, to) : Blocks.Range.NONE;
            while (!range.isEmpty()) {
                List<Block> blocks = Blocks.fetch(handle, range, BLOCKS_TO_SUM);
                blocks.forEach(sums::add);
                range = blocks.size() < BLOCKS_TO_SUM
                        ? Blocks.Range.NONE
                        : new Blocks.Range(
                                range.first(), blocks.get(blocks.size() - 1).number());
            }
            return sums.stats();
        });
    }
}
