package io.notify.benchmarks.sends;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** PostgreSQL's own load program: one row, one commit, over and over. */
final class PgBench {
    /** A row like those of a durable send to one user. */
    private static final String SCRIPT = """
            \\set n random(1, 10000)
            INSERT INTO single_rows (id, seq, user_id, event, payload, created_at)
            VALUES (gen_random_uuid()::text, nextval('single_seq'), 'user-' || :n, 'booking.created',
            '{"id":"019ab9f0-0000-7000-8000-000000000000","event":"booking.created","title":"Booking created",\
            "message":"Your booking has been created.","data":{"bookingId":1,"service":"Cleaning",\
            "when":"2026-11-24T10:00:00Z"},"createdAt":"2026-11-24T10:00:00.000Z"}', now());
            """;

    private PgBench() {}

    static String run(int port, int clients, int seconds) throws IOException, InterruptedException {
        Path script = Files.createTempFile("single-rows", ".sql");
        try {
            Files.writeString(script, SCRIPT);
            Process process = new ProcessBuilder(List.of(
                            "pgbench",
                            "-h",
                            "127.0.0.1",
                            "-p",
                            "" + port,
                            "-U",
                            "postgres",
                            "-n",
                            "-M",
                            "prepared",
                            "-c",
                            "" + clients,
                            "-j",
                            "2",
                            "-T",
                            "" + seconds,
                            "-f",
                            script.toString(),
                            "postgres"))
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("pgbench: " + printed);
            }
            String latency = printed.replaceAll("(?s).*latency average = ([0-9.]+) ms.*", "$1");
            String tps = printed.replaceAll("(?s).*tps = ([0-9.]+).*", "$1");
            return "pgbench clients=" + clients + " per_second=" + tps + " average_ms=" + latency;
        } finally {
            Files.delete(script);
        }
    }
}
