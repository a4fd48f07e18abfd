package io.notify.jdbc;

import io.notify.Appended;
import io.notify.Audience;
import io.notify.DeliveryStatus;
import io.notify.LogEntry;
import io.notify.LogFilter;
import io.notify.LogReader;
import io.notify.NotificationLog;
import io.notify.Position;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * Measures what an operator waits for on a large log: the first page of every combination of filters, a text search within
 * a day, and the sums of a span of time. Not a test: it takes minutes. Its command and figures are in docs/PERFORMANCE.md.
 */
final class OperatorQueries {
    private static final int BATCH = 512;
    private static final int USERS = 50_000;
    private static final List<String> EVENTS = List.of(
            "booking.created",
            "booking.accepted",
            "booking.reminder",
            "booking.completed",
            "review.created",
            "nearby-job",
            "system.maintenance",
            "chat.message");
    private static final double SLOW_MILLIS = 50;
    private static final Duration WEEK = Duration.ofDays(7);

    private final NotificationLog log;
    private final int rows;
    private final Instant end = Instant.parse("2026-11-24T12:00:00Z");
    private final Random random = new Random(42);

    private OperatorQueries(NotificationLog log, int rows) {
        this.log = log;
        this.rows = rows;
    }

    /**
     * Fills what is missing, then asks; so a second run asks a warm disk and an idle machine.
     *
     * @param arguments {@code sqlite} or {@code postgresql}, a directory that keeps the data, and how many rows
     */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]).toAbsolutePath().resolve("operator-queries");
        int rows = Integer.parseInt(arguments[2]);
        if (arguments[0].equals("sqlite")) {
            measure("SQLite", "jdbc:sqlite:" + directory + ".db", rows, () -> {});
        } else {
            try (Postgres server = new Postgres(directory, 0)) {
                // a week's rows come in a minute here; in a week it would have done this by itself, many times
                measure("PostgreSQL", server.url(), rows, () -> server.execute("VACUUM ANALYZE"));
            }
        }
    }

    private interface Upkeep {
        void run() throws SQLException;
    }

    private static void measure(String name, String url, int rows, Upkeep afterFilling) throws SQLException {
        try (NotificationLog log = JdbcNotificationLog.builder().url(url).build()) {
            OperatorQueries queries = new OperatorQueries(log, rows);
            Position head = log.open();
            long begun = System.nanoTime();
            if (head.seq() < rows) {
                queries.fill((int) head.seq());
                afterFilling.run();
            }
            System.out.printf(Locale.ROOT, "%s: %d rows, filled in %d s%n", name, rows, seconds(begun));
            queries.pages(name);
            queries.texts(name);
            queries.sums(name);
        }
    }

    // ---- filling ----

    private void fill(int from) {
        for (int first = from; first < rows; first += BATCH) {
            List<LogEntry> entries = new ArrayList<>(BATCH);
            for (int i = first; i < Math.min(rows, first + BATCH); i++) {
                entries.add(entry(i));
            }
            List<Appended> stored = log.append(entries);
            follow(entries, stored);
        }
    }

    private LogEntry entry(int i) {
        Instant at = createdAt(i);
        Audience audience = audience();
        String event = EVENTS.get((int) (EVENTS.size() * Math.pow(random.nextDouble(), 2)));
        UUID id = new UUID(at.toEpochMilli() << 16 | 0x7000 | (i & 0xfff), 0x8000000000000000L | i);
        String payload = "{\"id\":\"" + id + "\",\"event\":\"" + event + "\",\"title\":\"Order " + i
                + "\",\"message\":\"Something happened that somebody may want to hear about\",\"data\":{\"orderId\":"
                + i
                + ",\"note\":\"" + (i % 100_003 == 0 ? "a Needle in the hay" : "nothing to see")
                + "\"},\"createdAt\":\""
                + at + "\"}";
        return new LogEntry(
                id,
                audience instanceof Audience.User user ? user.id() : LogEntry.EVERY_USER,
                audience.key(),
                audience instanceof Audience.Users users ? users.ids() : List.of(),
                event,
                payload.getBytes(StandardCharsets.UTF_8),
                at,
                null,
                null,
                null);
    }

    private Instant createdAt(int i) {
        return end.minusMillis(WEEK.toMillis() * (rows - i) / rows);
    }

    private Audience audience() {
        int kind = random.nextInt(100);
        if (kind < 90) {
            return Audience.user(user());
        }
        if (kind < 94) {
            return Audience.role(List.of("CUSTOMER", "PROFESSIONAL", "ADMIN").get(random.nextInt(3)));
        }
        if (kind < 97) {
            return Audience.room("job:" + random.nextInt(1_000));
        }
        return kind < 99 ? Audience.everyone() : Audience.users(List.of(user(), user(), user()));
    }

    /** A few have much, most have little. */
    private String user() {
        return "user-" + (int) (USERS * Math.pow(random.nextDouble(), 3));
    }

    /** Nine in ten are delivered, after some milliseconds; one in thirty is read. */
    private void follow(List<LogEntry> entries, List<Appended> stored) {
        List<DeliveryStatus> statuses = new ArrayList<>(BATCH);
        for (int i = 0; i < entries.size(); i++) {
            LogEntry entry = entries.get(i);
            if (stored.get(i) instanceof Appended.Stored row && random.nextInt(10) > 0) {
                Instant at = entry.createdAt().plusMillis(1 + (long) (200 * Math.pow(random.nextDouble(), 6)));
                statuses.add(new DeliveryStatus(row.position(), at, 1, null));
            }
        }
        log.recordDeliveries(statuses);
        for (int i = 0; i < entries.size(); i += 30) {
            LogEntry entry = entries.get(i);
            if (!entry.userId().equals(LogEntry.EVERY_USER)) {
                log.markRead(
                        new LogReader(entry.userId(), Set.of()),
                        entry.id(),
                        entry.createdAt().plusSeconds(60));
            }
        }
    }

    // ---- asking ----

    private record Timed(String what, double millis, int found) {}

    private void pages(String name) {
        List<Timed> all = new ArrayList<>();
        Instant day = end.minus(Duration.ofDays(3));
        for (String user : Arrays.asList(null, "user-0", "user-31234", "nobody", "*")) {
            for (String event : Arrays.asList(null, "booking.created", "chat.message", "no.such")) {
                for (String audience : Arrays.asList(null, "everyone", "role:ADMIN", "room:job:7", "user:user-0")) {
                    for (Boolean delivered : Arrays.asList(null, true, false)) {
                        for (Boolean read : Arrays.asList(null, true, false)) {
                            for (Instant from : Arrays.asList(null, day, end.plusSeconds(1))) {
                                Instant to = day.equals(from) ? day.plus(Duration.ofDays(1)) : null;
                                LogFilter filter =
                                        new LogFilter(user, event, audience, delivered, read, from, to, null, null, 50);
                                all.add(timed(filter));
                            }
                        }
                    }
                }
            }
        }
        report(name, "first pages", all);
    }

    private void texts(String name) {
        List<Timed> all = new ArrayList<>();
        for (int days = 1; days <= 6; days++) {
            Instant from = end.minus(Duration.ofDays(days));
            for (String text : List.of("needle IN", "Order 5", "not to be found anywhere")) {
                for (String event : Arrays.asList(null, "booking.created")) {
                    all.add(timed(new LogFilter(
                            null, event, null, null, null, from, from.plus(Duration.ofDays(1)), text, null, 50)));
                }
            }
        }
        report(name, "text within a day", all);
    }

    private void sums(String name) {
        List<Timed> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            for (Duration span : List.of(
                    WEEK,
                    Duration.ofDays(5).plusMinutes(17),
                    Duration.ofDays(1),
                    Duration.ofHours(1),
                    Duration.ofMinutes(5))) {
                Instant to = end.minus(WEEK.minus(span).dividedBy(3));
                log.stats(to.minus(span), to);
                long begun = System.nanoTime();
                long total = log.stats(to.minus(span), to).total();
                all.add(new Timed("stats of " + span, millis(begun), (int) total));
            }
        }
        report(name, "stats", all);
    }

    /** A slow one is asked again, so that a collection of garbage is nobody's figure; a plan that is bad is bad twice. */
    private Timed timed(LogFilter filter) {
        long begun = System.nanoTime();
        int found = log.logs(filter).rows().size();
        double millis = millis(begun);
        if (millis > SLOW_MILLIS) {
            begun = System.nanoTime();
            log.logs(filter);
            millis = Math.min(millis, millis(begun));
        }
        return new Timed(filter.toString(), millis, found);
    }

    private static void report(String name, String what, List<Timed> all) {
        all.sort(Comparator.comparingDouble(Timed::millis));
        System.out.printf(
                Locale.ROOT,
                "%s, %s: %d queries, median %.1f ms, p99 %.1f ms, slowest %.1f ms, %d over 100 ms%n",
                name,
                what,
                all.size(),
                all.get(all.size() / 2).millis(),
                all.get(all.size() * 99 / 100).millis(),
                all.get(all.size() - 1).millis(),
                all.stream().filter(t -> t.millis() > 100).count());
        for (Timed slow : all.subList(Math.max(0, all.size() - 12), all.size())) {
            System.out.printf(Locale.ROOT, "  %7.1f ms, %d rows: %s%n", slow.millis(), slow.found(), slow.what());
        }
    }

    private static double millis(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }

    private static long seconds(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    }
}
