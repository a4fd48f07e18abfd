package io.notify.netty.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one event loop cost one timer together, however many there are. Internal to notify-netty.
 *
 * <p>A sweep reads an array of due times, so ten thousand idle connections are some microseconds a tick and no memory
 * of theirs is touched. Deadlines are met up to {@link #TICK_MILLIS} late; who needs them exact compares the clock.
 * Event loop only.
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

    /** Sets or moves a deadline to a value of the nano clock. */
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

    /** Forgets a deadline; does nothing if it is not set. */
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

    /** How many are set. */
    public int size() {
        return size;
    }

    private void sweep() {
        long now = nanoClock.getAsLong();
        // Backwards: what is moved into a freed slot has been looked at; what is set meanwhile waits for the next tick.
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
