package io.notify.jdbc;

import io.notify.Audience;
import io.notify.NotificationLog;
import io.notify.NotificationService;
import io.notify.Receipt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How many durable sends to single users a service takes a second, each waiting for its receipt, and how long one takes. */
final class SendRate {
    private static final int USERS = 10_000;

    private SendRate() {}

    /** @param args the JDBC URL, the producers, the seconds of warming up and those of measuring */
    public static void main(String[] args) throws Exception {
        int producers = Integer.parseInt(args[1]);
        try (NotificationLog log = JdbcNotificationLog.builder().url(args[0]).build();
                NotificationService service =
                        NotificationService.builder().log(log).build()) {
            measure(service, producers, Integer.parseInt(args[2]));
            Result result = measure(service, producers, Integer.parseInt(args[3]));
            System.out.println(result);
        }
    }

    /** What was measured. */
    record Result(int producers, long sends, double seconds, long[] sortedNanos) {
        double perSecond() {
            return sends / seconds;
        }

        double millisAt(double quantile) {
            int index = (int) Math.ceil(quantile * sortedNanos.length) - 1;
            return sortedNanos[Math.max(0, index)] / 1e6;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "producers=%d sends=%d per_second=%.0f p50_ms=%.2f p99_ms=%.2f p99.9_ms=%.2f max_ms=%.2f",
                    producers,
                    sends,
                    perSecond(),
                    millisAt(0.5),
                    millisAt(0.99),
                    millisAt(0.999),
                    millisAt(1));
        }
    }

    static Result measure(NotificationService service, int producers, int seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(producers);
        try {
            long start = System.nanoTime();
            long end = start + seconds * 1_000_000_000L;
            List<Callable<long[]>> tasks = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                int producer = p;
                tasks.add(() -> produce(service, producer, end));
            }
            List<Future<long[]>> results = threads.invokeAll(tasks);
            double took = (System.nanoTime() - start) / 1e9;
            long[] all = new long[0];
            for (Future<long[]> result : results) {
                long[] some = result.get();
                int before = all.length;
                all = Arrays.copyOf(all, before + some.length);
                System.arraycopy(some, 0, all, before, some.length);
            }
            Arrays.sort(all);
            return new Result(producers, all.length, took, all);
        } finally {
            threads.shutdownNow();
        }
    }

    private static long[] produce(NotificationService service, int producer, long end) {
        long[] nanos = new long[1 << 12];
        int count = 0;
        for (long now = System.nanoTime(); now < end; ) {
            String user = "user-" + (producer * 7919 + count * 31) % USERS;
            Receipt receipt = service.send(
                    Audience.user(user),
                    "booking.created",
                    Map.of("bookingId", count, "service", "Cleaning", "when", "2026-11-24T10:00:00Z"));
            if (receipt.position() == null) {
                throw new IllegalStateException("a durable send has no position");
            }
            long after = System.nanoTime();
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, count * 2);
            }
            nanos[count++] = after - now;
            now = after;
        }
        return Arrays.copyOf(nanos, count);
    }
}
