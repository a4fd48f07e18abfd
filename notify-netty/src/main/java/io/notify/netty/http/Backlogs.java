package io.notify.netty.http;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What waits for one event loop's slow connections together stays within a share of the memory, however many they are: beyond
 * it, who is well behind is refused more, and so closed. Internal to notify-netty.
 *
 * <p>Only those well behind ask, so the others pay nothing. Bytes that several of them share are counted for each: the sum
 * is never too small. Event loop only.
 */
public final class Backlogs {
    /** Of a connection's own bound; less behind than that is nobody's concern. */
    private static final int WELL_BEHIND = 8;

    private static final long COUNT_EVERY = TimeUnit.MILLISECONDS.toNanos(10);

    private final long share;
    private final LongSupplier nanoClock;
    private final Set<Backlog> behind = Collections.newSetFromMap(new IdentityHashMap<>());
    private long held;
    private long countedAt;

    /** One connection's. */
    public interface Backlog {
        /** Bytes taken that the network has not; 0 once it is closed. */
        long pendingBytes();
    }

    Backlogs(long share, LongSupplier nanoClock) {
        this.share = share;
        this.nanoClock = nanoClock;
        this.countedAt = nanoClock.getAsLong();
    }

    /**
     * Whether a connection may take so many bytes more, as far as the others are concerned.
     *
     * @param bound the connection's own
     */
    public boolean tryReserve(Backlog asker, int bytes, long bound) {
        if (asker.pendingBytes() + bytes <= bound / WELL_BEHIND) {
            return true;
        }
        if (behind.add(asker)) {
            held += asker.pendingBytes();
        }
        long now = nanoClock.getAsLong();
        if (now - countedAt >= COUNT_EVERY) {
            countedAt = now;
            count();
        }
        if (held + bytes > share) {
            return false;
        }
        held += bytes;
        return true;
    }

    private void count() {
        behind.removeIf(backlog -> backlog.pendingBytes() == 0);
        held = 0;
        for (Backlog backlog : behind) {
            held += backlog.pendingBytes();
        }
    }
}
