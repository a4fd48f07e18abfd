package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * F6: the wall clock of the server's process goes an hour forward, back, and an hour back. Nobody is timed out, sends go on,
 * positions rise. Debian's libfaketime moves the clock; the monotonic one stays true, as it does when a machine's is set.
 */
final class ClockJump implements Fault {
    private static final String LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    private static final int USERS = 30;
    private static final int SECONDS = 10;

    @Override
    public Verdict happen(Run run) throws Exception {
        Path offset = run.directory().resolve("clock");
        set(offset, "+0");
        Server server = run.server(run.store())
                .variable("LD_PRELOAD", run.option("library", LIBRARY))
                .variable("FAKETIME_TIMESTAMP_FILE", offset.toString())
                .variable("FAKETIME_NO_CACHE", "1")
                .variable("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                .variable("DONT_FAKE_MONOTONIC", "1")
                // else its condition variables hang the JVM
                .variable("FAKETIME_FORCE_MONOTONIC_FIX", "0")
                .variable("HEARTBEAT_INTERVAL", "1000")
                .variable("PING_INTERVAL", "2000")
                .variable("PING_TIMEOUT", "2000")
                .start();
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        crowd.enter(USERS, server.port(), account);
        Sender sender = new Sender(server, account);
        Load load = run.with(new Load(4, 50, Long.MAX_VALUE, turn -> {
            int n = account.number();
            sender.send(n, Crowd.user(n % USERS), () -> false);
        }));
        TimeUnit.SECONDS.sleep(SECONDS);
        StringBuilder clocks = new StringBuilder();
        int slowest = Integer.MAX_VALUE;
        for (String jump : new String[] {"+1h", "+0", "-1h", "+0"}) {
            set(offset, jump);
            int acked = account.acknowledged();
            TimeUnit.SECONDS.sleep(SECONDS);
            slowest = Math.min(slowest, account.acknowledged() - acked);
            clocks.append(clocks.isEmpty() ? "" : ",").append(newest(server));
        }
        int disconnected = crowd.losses();
        load.stop();
        account.awaitAll(20);
        return Verdict.of(account.line(server))
                .figure("server_clock_hours", clocks)
                .figure("disconnected", disconnected)
                .figure("fewest_acked_after_a_jump", slowest)
                .figure("refused", sender.refusals())
                .require(clocks.toString().equals("1,0,-1,0"), "the clock really jumped")
                .require(disconnected == 0, "nobody timed out")
                .require(slowest > 0, "sends go on");
    }

    /** By how many hours the newest row's time is off. */
    private static long newest(Server server) throws InterruptedException {
        String created = Account.json(
                        server.get("/admin/notifications/logs?limit=1", Server.token("operator", "ADMIN")))
                .path("items")
                .path(0)
                .path("createdAt")
                .asText("1970-01-01T00:00:00Z");
        return Math.round((Instant.parse(created).toEpochMilli() - System.currentTimeMillis()) / 3_600_000.0);
    }

    private static void set(Path file, String offset) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, offset);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
