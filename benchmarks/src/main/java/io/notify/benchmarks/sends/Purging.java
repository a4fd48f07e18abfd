package io.notify.benchmarks.sends;

import io.notify.Audience;
import io.notify.Notification;
import io.notify.NotificationService;
import io.notify.jdbc.JdbcNotificationLog;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Durable sends at a fixed rate to a log with many rows, first while nothing is purged, then while all old rows are: time to the
 * receipt in both, and rows purged a second. {@code Purging sqlite|postgres ROWS SECONDS}; it ends by itself.
 */
public final class Purging {
    private static final int PER_SECOND = 2_000;
    private static final int USERS = 10_000;

    private Purging() {}

    public static void main(String[] arguments) throws Exception {
        long rows = Long.parseLong(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        Path directory = Files.createTempDirectory("purging");
        try {
            if (arguments[0].equals("postgres")) {
                try (EmbeddedPostgres postgres = Table.startPostgres(directory)) {
                    measure(postgres.getJdbcUrl("postgres", "postgres"), rows, seconds);
                }
            } else {
                measure("jdbc:sqlite:" + directory.resolve("notify.db"), rows, seconds);
            }
        } finally {
            Table.delete(directory);
        }
    }

    private static void measure(String url, long rows, int seconds) throws Exception {
        Table.make(url);
        Table.fill(url, rows);
        System.out.println("rows=" + rows + " purging=no " + send(url, Duration.ofDays(7), seconds));
        Thread.sleep(Duration.ofMinutes(1).toMillis()); // what was filled is older than the shortest retention then
        System.out.println("rows=" + rows + " purging=yes " + send(url, Duration.ofMinutes(1), seconds));
    }

    private static String send(String url, Duration retention, int seconds) throws Exception {
        try (NotificationService service = NotificationService.builder()
                .log(JdbcNotificationLog.builder().url(url).build())
                .retention(retention)
                .build()) {
            pace(service, 5);
            double before = service.meters().get("notify.log.purged").counter().count();
            long[] nanos = pace(service, seconds);
            double purged = service.meters().get("notify.log.purged").counter().count() - before;
            Arrays.sort(nanos);
            return String.format(
                    "sends=%d p50_ms=%.2f p99_ms=%.2f max_ms=%.1f purged_per_second=%.0f",
                    nanos.length,
                    nanos[nanos.length / 2] / 1e6,
                    nanos[nanos.length * 99 / 100] / 1e6,
                    nanos[nanos.length - 1] / 1e6,
                    purged / seconds);
        }
    }

    private static long[] pace(NotificationService service, int seconds) {
        int sends = PER_SECOND * seconds;
        Queue<Long> times = new ConcurrentLinkedQueue<>();
        long begun = System.nanoTime();
        for (int i = 0; i < sends; i++) {
            LockSupport.parkNanos(begun + i * 1_000_000_000L / PER_SECOND - System.nanoTime());
            long sent = System.nanoTime();
            var unused = service.sendAsync(
                            Notification.builder(Audience.user("user-" + i * 31L % USERS), "booking.created")
                                    .data(Map.of("bookingId", i))
                                    .build())
                    .whenComplete((receipt, failure) -> times.add(System.nanoTime() - sent));
        }
        while (times.size() < sends) {
            LockSupport.parkNanos(1_000_000);
        }
        return times.stream().mapToLong(Long::longValue).toArray();
    }
}
