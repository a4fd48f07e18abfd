package io.notify.benchmarks.sends;

import io.micrometer.core.instrument.DistributionSummary;
import io.notify.Audience;
import io.notify.NotificationService;
import io.notify.jdbc.JdbcNotificationLog;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * Durable sends to single users, each producer waiting for its receipt before the next: how many a second, and how long one
 * takes. Prints one line for each measurement.
 *
 * <p>{@code Sends h2|postgres --producers=64 --seconds=10 --warmup=8 --rows=0 --options=} where {@code rows} are in the table
 * before, and {@code options} are added to the H2 URL. With PostgreSQL the line of pgbench comes first: single-row inserts into a
 * table of the same shape, as many clients, the same server.
 */
public final class Sends {
    private static final int USERS = 10_000;

    private Sends() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new LinkedHashMap<>();
        for (String argument : arguments) {
            String[] parts = argument.replaceFirst("^--", "").split("=", 2);
            options.put(parts[0], parts.length == 2 ? parts[1] : "");
        }
        int producers = Integer.parseInt(options.getOrDefault("producers", "64"));
        int warmUp = Integer.parseInt(options.getOrDefault("warmup", "8"));
        int seconds = Integer.parseInt(options.getOrDefault("seconds", "10"));
        long rows = Long.parseLong(options.getOrDefault("rows", "0"));
        Path directory = Files.createTempDirectory(Path.of(options.getOrDefault("directory", "/tmp")), "sends");
        try {
            if (options.containsKey("postgres")) {
                try (EmbeddedPostgres postgres = Table.startPostgres(directory)) {
                    String url = postgres.getJdbcUrl("postgres", "postgres");
                    Table.make(url);
                    System.out.println(PgBench.run(postgres.getPort(), producers, seconds));
                    Table.fill(url, rows);
                    System.out.println("postgres rows=" + rows + " " + measure(url, producers, warmUp, seconds));
                }
            } else {
                String url = "jdbc:h2:file:" + directory.resolve("notify") + options.getOrDefault("options", "");
                Table.make(url);
                Table.fill(url, rows);
                System.out.println("h2 rows=" + rows + " " + measure(url, producers, warmUp, seconds));
            }
        } finally {
            Table.delete(directory);
        }
    }

    private static String measure(String url, int producers, int warmUp, int seconds) throws Exception {
        try (NotificationService service = NotificationService.builder()
                .log(JdbcNotificationLog.builder().url(url).build())
                .build()) {
            send(service, producers, warmUp);
            DistributionSummary batches =
                    service.meters().get("notify.log.batch").summary();
            long commits = batches.count();
            double rows = batches.totalAmount();
            Cpu before = Cpu.now();
            Rate rate = send(service, producers, seconds);
            Cpu used = Cpu.now().minus(before);
            double sent = batches.totalAmount() - rows;
            return String.format(
                    Locale.ROOT,
                    "%s rows_per_commit=%.1f cpu_us=%.1f log_thread_cpu_us=%.1f",
                    rate,
                    sent / (batches.count() - commits),
                    used.process() / 1e3 / sent,
                    used.logThread() / 1e3 / sent);
        }
    }

    private static Rate send(NotificationService service, int producers, int seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(producers);
        try {
            long start = System.nanoTime();
            long end = start + seconds * 1_000_000_000L;
            List<Callable<LongStream>> tasks = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                int producer = p;
                tasks.add(() -> produce(service, producer, end));
            }
            LongStream all = LongStream.empty();
            for (Future<LongStream> task : threads.invokeAll(tasks)) {
                all = LongStream.concat(all, task.get());
            }
            return new Rate(producers, (System.nanoTime() - start) / 1e9, all.toArray());
        } finally {
            threads.shutdownNow();
        }
    }

    private static LongStream produce(NotificationService service, int producer, long end) {
        LongStream.Builder nanos = LongStream.builder();
        long now = System.nanoTime();
        for (int i = 0; now < end; i++) {
            service.send(
                    Audience.user("user-" + (producer * 7_919 + i * 31) % USERS),
                    "booking.created",
                    Map.of("bookingId", i, "service", "Cleaning", "when", "2026-11-24T10:00:00Z"));
            long after = System.nanoTime();
            nanos.add(after - now);
            now = after;
        }
        return nanos.build();
    }
}
