package io.notify.netty.http;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the memory that the pending bytes of one event loop's slow connections take together. If the limit is reached, a
 * slow connection gets no more bytes, and is closed by its owner. Internal to notify-netty.
 *
 * <p>A connection counts as slow once its backlog exceeds a fraction of its own limit; the others are not tracked. Bytes
 * that several connections share count for each of them, so the sum is never too small. Event loop only.
 */
public final class Backlogs {
    /** A connection is slow if its backlog exceeds this part, one eighth, of its own limit. */
    private static final int SLOW_PART = 8;

    private static final long RECOUNT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final long limit;
    private final LongSupplier nanoClock;
    private final Set<Backlog> slow = Collections.newSetFromMap(new IdentityHashMap<>());
    private long held;
    private long countedAt;

    /** The backlog of one connection. */
    public interface Backlog {
        /** Bytes accepted and not yet taken by the network; 0 once the connection is closed. */
        long pendingBytes();
    }

    Backlogs(long limit, LongSupplier nanoClock) {
        this.limit = limit;
        this.nanoClock = nanoClock;
        this.countedAt = nanoClock.getAsLong();
    }

    /**
     * Reserves memory for more bytes of a connection.
     *
     * @param bound the connection's own limit in bytes
     * @return false if the connection is slow and the limit of all would be exceeded
     */
    public boolean tryReserve(Backlog backlog, int bytes, long bound) {
        if (backlog.pendingBytes() + bytes <= bound / SLOW_PART) {
            return true;
        }
        if (slow.add(backlog)) {
            held += backlog.pendingBytes();
        }
        long now = nanoClock.getAsLong();
        if (now - countedAt >= RECOUNT_NANOS) {
            countedAt = now;
            recount();
        }
        if (held + bytes > limit) {
            return false;
        }
        held += bytes;
        return true;
    }

    private void recount() {
        slow.removeIf(drained -> drained.pendingBytes() == 0);
        held = 0;
        for (Backlog backlog : slow) {
            held += backlog.pendingBytes();
        }
    }
}
