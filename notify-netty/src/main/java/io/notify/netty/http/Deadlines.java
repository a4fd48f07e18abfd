package io.notify.netty.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one event loop, driven by a single timer. Internal to notify-netty.
 *
 * <p>Each tick scans an array of due times. Ten thousand idle connections cost a few microseconds per tick, and none of
 * their objects is touched. A deadline may fire up to {@link #TICK_MILLIS} late; code that needs exact times compares the
 * clock. Event loop only.
 */
public final class Deadlines {
    static final int TICK_MILLIS = 20;

    private final EventLoop loop;
    private final LongSupplier nanoClock;
    private long[] dueAt = new long[16];
    private @Nullable Deadline[] deadlines = new Deadline[16];
    private int size;
    private @Nullable ScheduledFuture<?> sweep;

    Deadlines(EventLoop loop, LongSupplier nanoClock) {
        this.loop = loop;
        this.nanoClock = nanoClock;
    }

    /** Sets a deadline to a value of the nano clock, or moves it there. */
    public void set(Deadline deadline, long nanos) {
        if (deadline.slot == Deadline.UNSET) {
            if (size == dueAt.length) {
                dueAt = Arrays.copyOf(dueAt, size * 2);
                deadlines = Arrays.copyOf(deadlines, size * 2);
            }
            deadline.slot = size;
            deadlines[size++] = deadline;
        }
        dueAt[deadline.slot] = nanos;
        if (sweep == null) {
            sweep = loop.scheduleWithFixedDelay(this::sweep, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Clears a deadline; does nothing if it is not set. */
    public void clear(Deadline deadline) {
        int slot = deadline.slot;
        if (slot == Deadline.UNSET) {
            return;
        }
        deadline.slot = Deadline.UNSET;
        int last = --size;
        Deadline moved = deadlines[last];
        deadlines[last] = null;
        if (slot != last && moved != null) {
            deadlines[slot] = moved;
            dueAt[slot] = dueAt[last];
            moved.slot = slot;
        }
    }

    /** Returns the number of deadlines that are set. */
    public int size() {
        return size;
    }

    private void sweep() {
        long now = nanoClock.getAsLong();
        // Backwards: a deadline moved into a freed slot has been checked, and one set meanwhile waits for the next
        // tick.
        for (int i = size - 1; i >= 0; i--) {
            if (i < size && dueAt[i] - now <= 0) {
                Deadline deadline = deadlines[i];
                if (deadline != null) {
                    clear(deadline);
                    deadline.onDue.accept(now);
                }
            }
        }
        if (size == 0 && sweep != null) {
            sweep.cancel(false);
            sweep = null;
        }
    }
}
