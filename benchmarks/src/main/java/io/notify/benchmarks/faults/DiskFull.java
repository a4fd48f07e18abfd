package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import io.notify.benchmarks.server.SqliteStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * F7: the disk of the SQLite file is full. Sends are refused within 2 s, health is red; it is well within 5 s of there being
 * space, and nothing acknowledged is lost, also after a {@code kill -9}. Needs root, for a small file system in memory.
 */
final class DiskFull implements Fault {
    private static final int USERS = 12;
    private static final int PADDING = 8_000;
    private static final long REFUSED_MILLIS = 2_000;
    private static final long WELL_MILLIS = 5_000;
    private static final int FULL_SECONDS = 10;

    @Override
    public Verdict happen(Run run) throws Exception {
        Path disk = Files.createDirectory(run.directory().resolve("disk"));
        Shell.run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString());
        run.with(() -> Shell.run("umount", "-l", disk.toString()));
        Server server = run.server(new SqliteStore(disk)).start();
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        crowd.enter(USERS, server.port(), account);
        Sender sender = new Sender(server, account, PADDING);
        Load load = run.with(new Load(8, 200, Long.MAX_VALUE, turn -> {
            int n = account.number();
            sender.send(n, Crowd.user(n % USERS), () -> false);
        }));
        while (sender.refusals() < 20) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        TimeUnit.SECONDS.sleep(FULL_SECONDS);
        boolean red = server.status("/health/ready") == 503;
        int refused = sender.refusals();
        int acked = account.acknowledged();
        Shell.run("mount", "-o", "remount,size=512m", disk.toString());
        long space = System.nanoTime();
        while (account.acknowledged() == acked && millisSince(space) < 30_000) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        long well = millisSince(space);
        TimeUnit.SECONDS.sleep(3);
        load.stop();
        account.awaitAll(20);
        server.kill();
        server.start();
        return Verdict.of(account.line(server))
                .figure("refused", refused)
                .figure("slowest_refusal_ms", sender.slowestRefusalMillis())
                .figure("unanswered", sender.unanswered())
                .figure("well_ms", well)
                .require(sender.slowestRefusalMillis() <= REFUSED_MILLIS, "refused within 2 s")
                .require(sender.unanswered() == 0, "every send was answered")
                .require(red, "health red")
                .require(well <= WELL_MILLIS, "well within 5 s");
    }

    private static long millisSince(long began) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }
}
