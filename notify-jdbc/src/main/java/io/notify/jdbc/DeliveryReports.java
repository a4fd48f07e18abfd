package io.notify.jdbc;

import io.notify.DeliveryStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Writes back what became of deliveries: the earliest delivery stays, connections add up, the last attempt's error counts. */
final class DeliveryReports {
    private static final int MAX_ERROR = 1_000;

    private final Database database;

    /** All that one batch says of one row. */
    private record Report(
            @Nullable Instant deliveredAt,
            int connections,
            @Nullable String error) {
        static Report of(DeliveryStatus status) {
            Instant at = status.deliveredAt();
            return new Report(
                    at == null ? null : Times.storable(at),
                    at == null ? 0 : status.connections(),
                    shortened(status.error()));
        }

        Report then(Report later) {
            boolean saysError = later.deliveredAt != null || later.error != null;
            return new Report(
                    earliest(deliveredAt, later.deliveredAt),
                    connections + later.connections,
                    saysError ? later.error : error);
        }
    }

    private record Row(
            long seq,
            String event,
            Instant createdAt,
            @Nullable Instant deliveredAt,
            @Nullable String error) {}

    DeliveryReports(Database database) {
        this.database = database;
    }

    void write(List<DeliveryStatus> statuses, Dialect dialect) {
        if (statuses.isEmpty()) {
            return;
        }
        database.write(handle -> {
            String epoch = Head.read(handle).epoch();
            SortedMap<Long, Report> reports = new TreeMap<>();
            for (DeliveryStatus status : statuses) {
                if (status.position().epoch().equals(epoch)
                        && (status.deliveredAt() != null || status.error() != null)) {
                    reports.merge(status.position().seq(), Report.of(status), Report::then);
                }
            }
            return reports.isEmpty() ? 0 : write(handle, dialect, reports);
        });
    }

    private static int write(Handle handle, Dialect dialect, SortedMap<Long, Report> reports) {
        // locked in the order of their numbers, as by everybody who locks several rows
        List<Row> rows = handle.createQuery("SELECT seq, event, created_at, delivered_at, error FROM notification_logs"
                        + " WHERE seq IN ("
                        + reports.keySet().stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + ") ORDER BY seq" + dialect.forUpdate())
                .map((row, context) -> new Row(
                        row.getLong("seq"),
                        row.getString("event"),
                        Times.instant(row, "created_at"),
                        Times.nullableInstant(row, "delivered_at"),
                        row.getString("error")))
                .list();
        PreparedBatch delivered = handle.prepareBatch("UPDATE notification_logs SET delivered = TRUE, delivered_at = ?,"
                + " connections = connections + ?, error = ? WHERE seq = ?");
        PreparedBatch failed = handle.prepareBatch("UPDATE notification_logs SET error = ? WHERE seq = ?");
        Rollup.Changes changes = new Rollup.Changes();
        Map<Long, Report> bySeq = reports;
        for (Row row : rows) {
            Report report = bySeq.get(row.seq());
            if (report == null) {
                continue;
            }
            Instant at = earliest(row.deliveredAt(), report.deliveredAt());
            if (report.deliveredAt() == null || at == null) {
                failed.add(report.error(), row.seq());
            } else {
                delivered.add(at, report.connections(), report.error(), row.seq());
                count(changes, row, at);
            }
            int failures = (report.error() == null ? 0 : 1) - (row.error() == null ? 0 : 1);
            if (failures != 0) {
                changes.failed(row.createdAt(), row.event(), failures);
            }
        }
        Batches.execute(delivered);
        Batches.execute(failed);
        changes.apply(handle);
        return rows.size();
    }

    private static void count(Rollup.Changes changes, Row row, Instant at) {
        Instant before = row.deliveredAt();
        if (before == null) {
            changes.delivered(row.createdAt(), row.event(), at);
        } else if (at.isBefore(before)) {
            changes.deliveredEarlier(row.createdAt(), row.event(), before, at);
        }
    }

    private static @Nullable Instant earliest(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isBefore(b) ? a : b;
    }

    private static @Nullable String shortened(@Nullable String error) {
        return error == null || error.length() <= MAX_ERROR ? error : error.substring(0, MAX_ERROR);
    }
}
