package io.notify.benchmarks.sends;

import io.micrometer.core.instrument.DistributionSummary;
import io.notify.Audience;
import io.notify.Notification;
import io.notify.NotificationService;
import io.notify.Receipt;
import io.notify.jdbc.JdbcNotificationLog;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * Durable sends to single users, each producer waiting for its oldest receipt once it has {@code window} of them under way:
 * how many a second, and how long one takes. Prints one line for each measurement.
 *
 * <p>{@code Sends sqlite|postgres --producers=64 --window=1 --seconds=10 --warmup=8 --rounds=1 --rows=0} where
 * {@code rows} are in the table before, and a window may be a list, {@code 1,16}: each
 * in turn in every round. With PostgreSQL a line of pgbench comes first in every round: single-row inserts into a table of the
 * same shape, as many clients, the same server.
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
        int producers = number(options, "producers", 64);
        int warmUp = number(options, "warmup", 8);
        int seconds = number(options, "seconds", 10);
        int rounds = number(options, "rounds", 1);
        long rows = number(options, "rows", 0);
        List<Integer> windows = Arrays.stream(
                        options.getOrDefault("window", "1").split(","))
                .map(Integer::valueOf)
                .toList();
        Path directory = Files.createTempDirectory(Path.of(options.getOrDefault("directory", "/tmp")), "sends");
        try {
            if (options.containsKey("postgres")) {
                try (EmbeddedPostgres postgres = Table.startPostgres(directory)) {
                    String url = postgres.getJdbcUrl("postgres", "postgres");
                    Table.make(url);
                    Table.fill(url, rows);
                    for (int round = 0; round < rounds; round++) {
                        System.out.println(PgBench.run(postgres.getPort(), producers, seconds));
                        measure("postgres rows=" + rows, url, producers, windows, warmUp, seconds);
                    }
                }
            } else {
                String url = "jdbc:sqlite:" + directory.resolve("notify.db");
                Table.make(url);
                Table.fill(url, rows);
                for (int round = 0; round < rounds; round++) {
                    measure("sqlite rows=" + rows, url, producers, windows, warmUp, seconds);
                }
            }
        } finally {
            Table.delete(directory);
        }
    }

    private static int number(Map<String, String> options, String name, int otherwise) {
        return Integer.parseInt(options.getOrDefault(name, "" + otherwise));
    }

    private static void measure(String label, String url, int producers, List<Integer> windows, int warmUp, int seconds)
            throws Exception {
        try (NotificationService service = NotificationService.builder()
                .log(JdbcNotificationLog.builder().url(url).build())
                .build()) {
            for (int window : windows) {
                send(service, producers, window, warmUp);
                System.out.println(label + " " + measure(service, producers, window, seconds));
            }
        }
    }

    private static String measure(NotificationService service, int producers, int window, int seconds)
            throws Exception {
        DistributionSummary batches = service.meters().get("notify.log.batch").summary();
        long commits = batches.count();
        double rows = batches.totalAmount();
        Cpu before = Cpu.now();
        Rate rate = send(service, producers, window, seconds);
        Cpu used = Cpu.now().minus(before);
        double sent = batches.totalAmount() - rows;
        return String.format(
                Locale.ROOT,
                "window=%d %s rows_per_commit=%.1f cpu_us=%.1f log_thread_cpu_us=%.1f",
                window,
                rate,
                sent / (batches.count() - commits),
                used.process() / 1e3 / sent,
                used.logThread() / 1e3 / sent);
    }

    private static Rate send(NotificationService service, int producers, int window, int seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(producers);
        try {
            long start = System.nanoTime();
            long end = start + seconds * 1_000_000_000L;
            List<Callable<LongStream>> tasks = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                int producer = p;
                tasks.add(() -> produce(service, producer, window, end));
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

    /** Receipts come in the order of the sends, so the oldest is the one to wait for. */
    private static LongStream produce(NotificationService service, int producer, int window, long end) {
        LongStream.Builder nanos = LongStream.builder();
        Deque<UnderWay> underWay = new ArrayDeque<>(window);
        for (int i = 0; System.nanoTime() < end; i++) {
            if (underWay.size() == window) {
                nanos.add(underWay.remove().nanosToReceipt());
            }
            Notification notification = Notification.builder(
                            Audience.user("user-" + (producer * 7_919 + i * 31) % USERS), "booking.created")
                    .data(Map.of("bookingId", i, "service", "Cleaning", "when", "2026-11-24T10:00:00Z"))
                    .build();
            underWay.add(new UnderWay(System.nanoTime(), service.sendAsync(notification)));
        }
        underWay.forEach(last -> nanos.add(last.nanosToReceipt()));
        return nanos.build();
    }

    private record UnderWay(long began, CompletableFuture<Receipt> receipt) {
        long nanosToReceipt() {
            receipt.join();
            return System.nanoTime() - began;
        }
    }
}
