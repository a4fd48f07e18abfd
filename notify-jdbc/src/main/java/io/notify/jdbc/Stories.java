package io.notify.jdbc;

import io.notify.LogEntry;
import io.notify.LogRow;
import io.notify.LogStory;
import io.notify.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** One row with all that other tables hold of it; every query goes along a key, so none grows with the log. */
final class Stories {
    private final Database database;

    private record Found(
            LogRow row,
            int connections,
            @Nullable Instant expiresAt,
            @Nullable String collapseKey) {
        long seq() {
            return row.position().seq();
        }

        boolean isPersonal() {
            return !row.userId().equals(LogEntry.EVERY_USER);
        }
    }

    Stories(Database database) {
        this.database = database;
    }

    Optional<LogStory> find(UUID id) {
        return database.read(handle -> {
            Head head = Head.read(handle);
            return row(handle, head, id).map(found -> story(handle, head, found));
        });
    }

    private static Optional<Found> row(Handle handle, Head head, UUID id) {
        return handle.createQuery("SELECT " + OperatorRows.COLUMNS + ", connections, expires_at, collapse_key"
                        + " FROM notification_logs WHERE id = ?")
                .bind(0, id.toString())
                .map((row, context) -> new Found(
                        OperatorRows.row(head, row),
                        row.getInt("connections"),
                        Times.nullableInstant(row, "expires_at"),
                        row.getString("collapse_key")))
                .findOne();
    }

    private static LogStory story(Handle handle, Head head, Found found) {
        List<String> recipients = recipients(handle, found);
        List<LogStory.Reading> receipts = receipts(handle, found);
        Instant ownReading = found.isPersonal() ? found.row().readAt() : null;
        return new LogStory(
                found.row(),
                found.connections(),
                found.expiresAt(),
                found.collapseKey(),
                recipients.isEmpty() ? replacedBy(handle, head, found) : null,
                recipients,
                recipients.isEmpty() ? 0 : count(handle, "notification_recipients WHERE seq = ?", found.seq()),
                ownReading == null ? receipts : with(found.row().userId(), ownReading, receipts),
                (ownReading == null ? 0 : 1)
                        + count(
                                handle,
                                "notification_receipts WHERE read_at IS NOT NULL AND notification_id = ?",
                                found.row().id().toString()),
                found.isPersonal() ? acknowledgedAt(handle, found) : null);
    }

    private static List<String> recipients(Handle handle, Found found) {
        return handle.createQuery("SELECT user_id FROM notification_recipients WHERE seq = ? ORDER BY user_id LIMIT ?")
                .bind(0, found.seq())
                .bind(1, LogStory.MAX_LISTED)
                .mapTo(String.class)
                .list();
    }

    private static List<LogStory.Reading> receipts(Handle handle, Found found) {
        return handle.createQuery("SELECT user_id, read_at FROM notification_receipts"
                        + " WHERE notification_id = ? AND read_at IS NOT NULL ORDER BY read_at, user_id LIMIT ?")
                .bind(0, found.row().id().toString())
                .bind(1, LogStory.MAX_LISTED)
                .map((row, context) -> new LogStory.Reading(row.getString("user_id"), Times.instant(row, "read_at")))
                .list();
    }

    private static List<LogStory.Reading> with(String owner, Instant readAt, List<LogStory.Reading> others) {
        List<LogStory.Reading> all = new ArrayList<>(others);
        all.add(new LogStory.Reading(owner, readAt));
        all.sort(Comparator.comparing(LogStory.Reading::readAt).thenComparing(LogStory.Reading::userId));
        return all.subList(0, Math.min(all.size(), LogStory.MAX_LISTED));
    }

    private static long count(Handle handle, String what, Object key) {
        return handle.createQuery("SELECT COUNT(*) FROM " + what)
                .bind(0, key)
                .mapTo(Long.class)
                .one();
    }

    private static @Nullable Position replacedBy(Handle handle, Head head, Found found) {
        if (found.collapseKey() == null) {
            return null;
        }
        return handle.createQuery(
                        "SELECT seq FROM notification_logs WHERE audience = ? AND collapse_key = ? AND seq > ?"
                                + " ORDER BY seq DESC LIMIT 1")
                .bind(0, found.row().audience())
                .bind(1, found.collapseKey())
                .bind(2, found.seq())
                .mapTo(Long.class)
                .findOne()
                .map(head::position)
                .orElse(null);
    }

    private static @Nullable Instant acknowledgedAt(Handle handle, Found found) {
        return handle.createQuery(
                        "SELECT acknowledged_at FROM notification_acknowledgements WHERE user_id = ? AND seq >= ?")
                .bind(0, found.row().userId())
                .bind(1, found.seq())
                .map((row, context) -> Times.instant(row, "acknowledged_at"))
                .findOne()
                .orElse(null);
    }
}
