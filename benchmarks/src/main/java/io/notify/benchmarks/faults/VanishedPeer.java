package io.notify.benchmarks.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.benchmarks.server.Server;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * F10: clients vanish without a word: their network takes what is sent and brings nothing, or, with {@code --via=ADDRESS}, their
 * address is gone and nothing is even acknowledged. The server notices within ping interval and timeout; what they missed is
 * there when they come back.
 *
 * <p>The address is one of loopback's, in a network of the harness's own: {@code unshare -n}, then {@code ip addr add}.
 */
final class VanishedPeer implements Fault {
    private static final int PING_MILLIS = 2_000;
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int LATER_MILLIS = 500;
    private static final int USERS = 30;
    private static final int SENDS = 300;
    private static final int PATIENCE_SECONDS = 30;

    @Override
    public Verdict happen(Run run) throws Exception {
        Server server = run.server(run.store())
                .variable("PING_INTERVAL", Integer.toString(PING_MILLIS))
                .variable("PING_TIMEOUT", Integer.toString(TIMEOUT_MILLIS))
                .variable("SSE_HEARTBEAT_INTERVAL", "1000")
                .variable("SSE_CLEANUP_INTERVAL", Integer.toString(TIMEOUT_MILLIS))
                .start();
        Account account = new Account();
        Crowd crowd = run.with(new Crowd());
        String via = run.option("via", "");
        Proxy proxy = run.with(new Proxy(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                via.isEmpty() ? null : InetAddress.getByName(via)));
        List<Reader> readers = new ArrayList<>(crowd.enter(USERS, proxy.port(), account));
        if (via.isEmpty()) {
            proxy.stall();
        } else {
            Shell.run("ip", "addr", "del", via + "/32", "dev", "lo");
        }
        long began = System.nanoTime();
        long sockets = -1;
        long streams = -1;
        Sender sender = new Sender(server, account);
        Load load = run.with(new Load(4, 0, SENDS, turn -> {
            int n = account.number();
            sender.send(n, Crowd.user(n % USERS), () -> false);
        }));
        while (millisSince(began) < PATIENCE_SECONDS * 1_000L && (sockets < 0 || streams < 0)) {
            JsonNode health = Account.json(server.get("/health", ""));
            if (sockets < 0 && health.path("websocket").path("connections").asInt(-1) == 0) {
                sockets = millisSince(began);
            }
            if (streams < 0 && health.path("sse").path("connections").asInt(-1) == 0) {
                streams = millisSince(began);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        load.await();
        if (!via.isEmpty()) {
            Shell.run("ip", "addr", "add", via + "/32", "dev", "lo");
        }
        proxy.cut();
        proxy.pass();
        crowd.awaitConnected(readers.size(), 20);
        account.awaitAll(20);
        return Verdict.of(account.line(server))
                .figure("how", via.isEmpty() ? "takes-and-brings-nothing" : "gone")
                .figure("websockets_noticed_ms", sockets)
                .figure("streams_noticed_ms", streams < 0 ? "not within " + PATIENCE_SECONDS + " s" : streams)
                .require(
                        sockets >= 0 && sockets <= PING_MILLIS + TIMEOUT_MILLIS + LATER_MILLIS,
                        "WebSockets noticed within ping interval and timeout")
                .require(
                        via.isEmpty() || (streams >= 0 && streams <= 2 * (PING_MILLIS + TIMEOUT_MILLIS)),
                        "streams noticed within twice that");
    }

    private static long millisSince(long began) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }
}
