package io.notify.jdbc;

import io.notify.DeliveryTimes;
import io.notify.LogEntry;
import io.notify.LogStats;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The table {@code notification_stats}: sums by hour and event of creation. Every transaction that changes rows changes the
 * sums too, last and in one order, so that two of them never wait for each other.
 */
final class Rollup {
    /** One column for each bucket of {@link DeliveryTimes}. */
    private static final List<String> BUCKETS = Stream.concat(
                    DeliveryTimes.BOUNDS.stream().map(bound -> "ms_" + bound), Stream.of("ms_more"))
            .toList();

    private static final String CHANGE = "UPDATE notification_stats SET "
            + Stream.concat(Stream.of("delivered_count", "read_count", "failed_count"), BUCKETS.stream())
                    .map(column -> column + " = " + column + " + ?")
                    .collect(Collectors.joining(", "))
            + " WHERE created_hour = ? AND event = ?";

    private static final String SUMS = Stream.concat(
                    Stream.of("sent_count", "delivered_count", "read_count", "failed_count"), BUCKETS.stream())
            .map(column -> "SUM(" + column + ") AS " + column)
            .collect(Collectors.joining(", "));

    private static final String SPAN = " FROM notification_stats WHERE created_hour >= :from AND created_hour < :to";
    private static final int REBUILT_AT_ONCE = 5_000;

    /** The numbers {@code (after, through]} between which all rows of a span lie, and how many there are. */
    record Range(long after, long through, long rows) {}

    private record Key(Instant hour, String event) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::hour).thenComparing(Key::event);

        static Key of(Instant createdAt, String event) {
            return new Key(Times.storable(createdAt).truncatedTo(ChronoUnit.HOURS), event);
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private static final class Sent {
        private final long firstSeq;
        private long lastSeq;
        private long count;

        Sent(long firstSeq) {
            this.firstSeq = firstSeq;
        }
    }

    private Rollup() {}

    /** Counts new rows, numbered from {@code first} on. */
    static void sent(Handle handle, long first, List<LogEntry> entries) {
        Map<Key, Sent> sums = new TreeMap<>();
        long seq = first;
        for (LogEntry entry : entries) {
            long number = seq++;
            Sent sum = sums.computeIfAbsent(Key.of(entry.createdAt(), entry.event()), key -> new Sent(number));
            sum.lastSeq = number;
            sum.count++;
        }
        add(handle, sums);
    }

    private static void add(Handle handle, Map<Key, Sent> sums) {
        PreparedBatch update = handle.prepareBatch("UPDATE notification_stats SET sent_count = sent_count + ?,"
                + " last_seq = ? WHERE created_hour = ? AND event = ?");
        sums.forEach((key, sum) -> update.add(sum.count, sum.lastSeq, key.hour(), key.event()));
        int[] updated = Batches.execute(update);
        PreparedBatch insert = handle.prepareBatch("INSERT INTO notification_stats"
                + " (created_hour, event, first_seq, last_seq, sent_count) VALUES (?, ?, ?, ?, ?)");
        int i = 0;
        for (Map.Entry<Key, Sent> sum : sums.entrySet()) {
            if (updated[i++] == 0) {
                Sent sent = sum.getValue();
                insert.add(sum.getKey().hour(), sum.getKey().event(), sent.firstSeq, sent.lastSeq, sent.count);
            }
        }
        Batches.execute(insert);
    }

    /** Collects what happened to rows in one transaction; {@link #apply} ends it. */
    static final class Changes {
        private static final int DELIVERED = 0;
        private static final int READ = 1;
        private static final int FAILED = 2;
        private static final int TIMES = 3;

        private final Map<Key, long[]> byKey = new TreeMap<>();

        void read(Instant createdAt, String event) {
            of(createdAt, event)[READ]++;
        }

        void failed(Instant createdAt, String event, int change) {
            of(createdAt, event)[FAILED] += change;
        }

        void delivered(Instant createdAt, String event, Instant at) {
            long[] sums = of(createdAt, event);
            sums[DELIVERED]++;
            sums[TIMES + bucket(createdAt, at)]++;
        }

        /** An earlier delivery than the one that was counted became known. */
        void deliveredEarlier(Instant createdAt, String event, Instant before, Instant at) {
            long[] sums = of(createdAt, event);
            sums[TIMES + bucket(createdAt, before)]--;
            sums[TIMES + bucket(createdAt, at)]++;
        }

        private static int bucket(Instant createdAt, Instant at) {
            return DeliveryTimes.bucket(createdAt.until(Times.storable(at), ChronoUnit.MILLIS));
        }

        private long[] of(Instant createdAt, String event) {
            return byKey.computeIfAbsent(Key.of(createdAt, event), key -> new long[TIMES + DeliveryTimes.BUCKETS]);
        }

        void apply(Handle handle) {
            PreparedBatch update = handle.prepareBatch(CHANGE);
            byKey.forEach((key, sums) -> {
                for (int i = 0; i < sums.length; i++) {
                    update.bind(i, sums[i]);
                }
                update.bind(sums.length, key.hour())
                        .bind(sums.length + 1, key.event())
                        .add();
            });
            Batches.execute(update);
        }
    }

    /** Sums over the hours that {@code [from, to)} touches. */
    static LogStats stats(Handle handle, Instant from, Instant to) {
        Map<String, Long> byEvent = new HashMap<>();
        long[] all = new long[4];
        long[] times = new long[DeliveryTimes.BUCKETS];
        span(handle, "SELECT event, " + SUMS + SPAN + " GROUP BY event", from, to, row -> {
            byEvent.put(row.getString("event"), row.getLong("sent_count"));
            for (int i = 0; i < all.length; i++) {
                all[i] += row.getLong(2 + i);
            }
            for (int i = 0; i < times.length; i++) {
                times[i] += row.getLong(2 + all.length + i);
            }
        });
        Map<Instant, Long> byHour = new HashMap<>();
        span(
                handle,
                "SELECT created_hour, SUM(sent_count) AS sent_count" + SPAN + " GROUP BY created_hour",
                from,
                to,
                row -> byHour.put(Times.instant(row, "created_hour"), row.getLong("sent_count")));
        return new LogStats(
                all[0],
                all[1],
                all[2],
                all[3],
                byEvent,
                byHour,
                DeliveryTimes.percentile(times, 50),
                DeliveryTimes.percentile(times, 99));
    }

    /** The numbers between which every row created in {@code [from, to)} lies. */
    static Range range(Handle handle, Instant from, Instant to) {
        Range[] found = {new Range(0, 0, 0)};
        span(
                handle,
                "SELECT MIN(first_seq) AS first_seq, MAX(last_seq) AS last_seq, SUM(sent_count) AS sent_count" + SPAN,
                from,
                to,
                row -> found[0] = new Range(
                        Math.max(0, row.getLong("first_seq") - 1), row.getLong("last_seq"), row.getLong("sent_count")));
        return found[0];
    }

    private interface RowReader {
        void read(java.sql.ResultSet row) throws java.sql.SQLException;
    }

    private static void span(Handle handle, String sql, Instant from, Instant to, RowReader reader) {
        Instant end = Times.storable(to);
        Instant hour = end.truncatedTo(ChronoUnit.HOURS);
        if (!from.isBefore(to)) {
            return;
        }
        handle.createQuery(sql)
                .bind("from", Times.storable(from).truncatedTo(ChronoUnit.HOURS))
                .bind("to", hour.equals(end) ? end : hour.plus(1, ChronoUnit.HOURS))
                .map((row, context) -> {
                    reader.read(row);
                    return true;
                })
                .list();
    }

    /** Drops the sums of all hours before the one that an instant lies in. */
    static void forgetBefore(Handle handle, Instant instant) {
        handle.createUpdate("DELETE FROM notification_stats WHERE created_hour < ?")
                .bind(0, Times.storable(instant).truncatedTo(ChronoUnit.HOURS))
                .execute();
    }

    /** Sums the rows anew, as after they were altered by hand or copied from elsewhere. Reads every row. */
    static void rebuild(Handle handle) {
        handle.execute("DELETE FROM notification_stats");
        long after = 0;
        while (true) {
            Map<Key, Sent> sent = new TreeMap<>();
            Changes changes = new Changes();
            List<Long> seqs = handle.createQuery(
                            "SELECT seq, event, created_at, delivered_at, read_at, error FROM notification_logs"
                                    + " WHERE seq > ? ORDER BY seq LIMIT ?")
                    .bind(0, after)
                    .bind(1, REBUILT_AT_ONCE)
                    .map((row, context) -> {
                        long seq = row.getLong("seq");
                        String event = row.getString("event");
                        Instant createdAt = Times.instant(row, "created_at");
                        Sent sum = sent.computeIfAbsent(Key.of(createdAt, event), key -> new Sent(seq));
                        sum.lastSeq = seq;
                        sum.count++;
                        Instant deliveredAt = Times.nullableInstant(row, "delivered_at");
                        if (deliveredAt != null) {
                            changes.delivered(createdAt, event, deliveredAt);
                        }
                        if (row.getString("read_at") != null) {
                            changes.read(createdAt, event);
                        }
                        if (row.getString("error") != null) {
                            changes.failed(createdAt, event, 1);
                        }
                        return seq;
                    })
                    .list();
            if (seqs.isEmpty()) {
                return;
            }
            after = seqs.get(seqs.size() - 1);
            add(handle, sent);
            changes.apply(handle);
        }
    }
}
