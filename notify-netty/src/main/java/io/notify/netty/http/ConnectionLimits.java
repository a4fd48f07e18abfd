package io.notify.netty.http;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Enforces the limits on connections, or on polling sessions, in total and per address. Every {@link #enter} that returns
 * true must be followed by one {@link #leave}. Internal to notify-netty. Any thread.
 *
 * <p>An address is forgotten one second after its last connection, so the table holds no more than the open connections
 * and the addresses of the last second.
 */
public final class ConnectionLimits {
    private static final long SECOND = 1_000_000_000L;

    private final HttpLimits limits;
    private final LongSupplier nanoClock;
    private final PortCounts counts;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Peer> peers = new ConcurrentHashMap<>();
    private final boolean perAddress;
    private volatile long pruneAt;

    ConnectionLimits(HttpLimits limits, LongSupplier nanoClock, PortCounts counts) {
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.counts = counts;
        perAddress = limits.maxConnectionsPerAddress() != HttpLimits.UNLIMITED
                || limits.maxNewConnectionsPerSecond() != HttpLimits.UNLIMITED;
        pruneAt = nanoClock.getAsLong() + SECOND;
    }

    int open() {
        return open.get();
    }

    /** Counts a new connection. Returns false, and counts nothing, if a limit is reached. */
    public boolean enter(InetAddress address) {
        if (open.incrementAndGet() > limits.maxConnections()) {
            open.decrementAndGet();
            counts.refused(PortRefusal.TOO_MANY_CONNECTIONS);
            return false;
        }
        if (!perAddress) {
            return true;
        }
        long now = nanoClock.getAsLong();
        prune(now);
        @Nullable PortRefusal[] refusal = {null};
        peers.compute(PeerAddress.counted(address), (key, known) -> {
            Peer peer =
                    known == null ? new Peer(0, limits.maxNewConnectionsPerSecond(), now) : known.refilled(now, limits);
            if (peer.open < limits.maxConnectionsPerAddress() && peer.tokens >= 1) {
                return new Peer(peer.open + 1, peer.tokens - 1, now);
            }
            refusal[0] = peer.open < limits.maxConnectionsPerAddress()
                    ? PortRefusal.TOO_MANY_NEW_FROM_ADDRESS
                    : PortRefusal.TOO_MANY_FROM_ADDRESS;
            return peer;
        });
        PortRefusal refused = refusal[0];
        if (refused == null) {
            return true;
        }
        open.decrementAndGet();
        counts.refused(refused);
        return false;
    }

    /** Gives back what {@link #enter} counted. */
    public void leave(InetAddress address) {
        open.decrementAndGet();
        if (perAddress) {
            peers.computeIfPresent(
                    PeerAddress.counted(address), (key, peer) -> new Peer(peer.open - 1, peer.tokens, peer.at));
        }
    }

    int addresses() {
        return peers.size();
    }

    private void prune(long now) {
        if (now - pruneAt >= 0) {
            pruneAt = now + SECOND;
            peers.values().removeIf(peer -> peer.open == 0 && now - peer.at >= SECOND);
        }
    }

    /** The connections of one address and its token bucket. Immutable. */
    private record Peer(int open, double tokens, long at) {
        Peer refilled(long now, HttpLimits limits) {
            int most = limits.maxNewConnectionsPerSecond();
            return new Peer(open, Math.min(most, tokens + (double) (now - at) / SECOND * most), now);
        }
    }
}
