package io.notify.netty.http;

import java.util.function.LongConsumer;

/**
 * A callback that runs once at a given time, unless it is cleared or moved before. Internal to notify-netty.
 *
 * <p>Belongs to the {@link Deadlines} of one event loop. It must be cleared there before another loop may set it.
 */
public final class Deadline {
    static final int UNSET = -1;

    final LongConsumer onDue;
    int slot = UNSET;

    /** @param onDue called on the event loop with the current value of the nano clock */
    public Deadline(LongConsumer onDue) {
        this.onDue = onDue;
    }

    public boolean isSet() {
        return slot != UNSET;
    }
}
