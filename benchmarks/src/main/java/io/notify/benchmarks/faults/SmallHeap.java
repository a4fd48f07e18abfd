package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * F12: a heap of 256 MB, 500 readers that read nothing, and large sends to each of them for minutes. No OutOfMemoryError;
 * health answers within 500 ms; those who read get everything.
 */
final class SmallHeap implements Fault {
    private static final int STALLED = 500;
    private static final int READING = 12;
    private static final int PADDING = 60_000;
    private static final int PER_SECOND = 150;
    private static final long HEALTH_MILLIS = 500;

    @Override
    public Verdict happen(Run run) throws Exception {
        int seconds = run.option("seconds", 300);
        Server server = run.server(run.store())
                .jvm("-Xmx256m", "-XX:+ExitOnOutOfMemoryError")
                .start();
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        crowd.enter(READING, server.port(), account);
        List<SocketChannel> stalled = new ArrayList<>();
        run.with(() -> {
            for (SocketChannel channel : stalled) {
                channel.close();
            }
        });
        for (int i = 0; i < STALLED; i++) {
            stalled.add(stall(server, "stalled-" + i));
        }
        Account nobody = new Account();
        Sender large = new Sender(server, nobody, PADDING);
        Load flood = run.with(new Load(
                8,
                PER_SECOND,
                (long) PER_SECOND * seconds,
                turn -> large.attempt((int) turn, "stalled-" + turn % STALLED)));
        Sender small = new Sender(server, account);
        Load sends = run.with(new Load(2, 5, 5L * seconds, turn -> {
            int n = account.number();
            small.send(n, Crowd.user(n % READING), () -> false);
        }));
        long slowest = 0;
        int failed = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end && server.process().isAlive()) {
            long began = System.nanoTime();
            failed += server.status("/health") == 200 ? 0 : 1;
            slowest = Math.max(slowest, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            TimeUnit.MILLISECONDS.sleep(200);
        }
        boolean alive = server.process().isAlive();
        flood.stop();
        sends.stop();
        boolean all = account.awaitAll(20);
        boolean starved = server.said("OutOfMemory");
        return Verdict.whateverIsStored(account.line(account.acknowledged()))
                .figure("large_acked", nobody.acknowledged())
                .figure("refused", large.refusals() + small.refusals())
                .figure("health_slowest_ms", slowest)
                .figure("health_red", failed)
                .figure("resident_mb", alive ? server.residentKib() / 1_024 : 0)
                .require(alive && !starved, "no OutOfMemoryError")
                .require(all, "those who read got everything")
                .require(slowest <= HEALTH_MILLIS, "health answers within 500 ms");
    }

    /** A plain WebSocket that is let in and then reads nothing. */
    private static SocketChannel stall(Server server, String user) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        String request = "GET /ws/notifications?token=" + Server.token(user, "CUSTOMER")
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        channel.read(ByteBuffer.allocate(64));
        return channel;
    }
}
