package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * F4: one of a thousand readers takes 1 KB a second of much more that is sent to it. The others notice nothing, the server
 * keeps little for it, closes it, and it resumes without loss once its network is better.
 */
final class SlowReader implements Fault {
    private static final int USERS = 999;
    private static final int BYTES_PER_SECOND = 1_024;
    private static final int PADDING = 48_000;
    private static final int TICKS_PER_SECOND = 5;
    private static final int SECONDS = 20;

    @Override
    public Verdict happen(Run run) throws Exception {
        Server server = run.server(run.store()).start();
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        crowd.enter(run.option("users", USERS), server.port(), account);
        Proxy proxy = run.with(new Proxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())));
        proxy.throttle(BYTES_PER_SECOND);
        Inbox inbox = account.inbox("slow");
        Reader slow = crowd.add(new PlainReader(crowd, proxy.port(), inbox)).start();
        crowd.awaitConnected(run.option("users", USERS) + 1, 60);

        Sender ticking = new Sender(server, account);
        Load ticks = run.with(new Load(4, TICKS_PER_SECOND, Long.MAX_VALUE, turn -> ticking.tick(Account.EVERYONE)));
        // to somebody who is not there: the same work for the log in both halves
        Sender heavy = new Sender(server, account, PADDING);
        Account nobody = new Account();
        Sender elsewhere = new Sender(server, nobody, PADDING);
        Load same = run.with(
                new Load(4, 20, Long.MAX_VALUE, turn -> elsewhere.attempt(nobody.number() - 1_000_000, "away")));
        TimeUnit.SECONDS.sleep(15);
        Latencies before = crowd.measure();
        TimeUnit.SECONDS.sleep(SECONDS);
        same.stop();
        long heapBefore = server.liveHeapBytes();
        long residentBefore = server.residentKib();
        int connectsBefore = slow.connects();
        Latencies during = crowd.measure();
        Load sends =
                run.with(new Load(4, 20, Long.MAX_VALUE, turn -> heavy.send(account.number(), "slow", () -> false)));
        TimeUnit.SECONDS.sleep(SECONDS);
        crowd.measure();
        sends.stop();
        long heapMore = server.liveHeapBytes() - heapBefore;
        long residentMore = server.residentKib() - residentBefore;
        ticks.stop();
        proxy.pass();
        boolean all = account.awaitAll(60);
        double p99Before = before.percentile(99);
        double p99During = during.percentile(99);
        return Verdict.whateverIsStored(account.line(account.acknowledged()))
                .figure("others", crowd.connected() - 1)
                .figure("others_p99_before_ms", p99Before)
                .figure("others_p99_during_ms", p99During)
                .figure("live_heap_more_kb", heapMore / 1_024)
                .figure("resident_more_kb", residentMore)
                .figure("closed", slow.connects() - connectsBefore)
                .figure("gaps", inbox.gaps())
                .require(all, "resumed without loss")
                .require(slow.connects() > connectsBefore, "it was closed and came back")
                .require(heapMore <= 2 * 1_024 * 1_024, "at most 2 MB more")
                .require(p99During <= 1.2 * p99Before, "the others' p99 at most 1.2 times");
    }
}
