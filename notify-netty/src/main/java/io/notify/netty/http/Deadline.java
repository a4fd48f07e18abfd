package io.notify.netty.http;

import java.util.function.LongConsumer;

/**
 * Something that happens at most once for each time it is set. Internal to notify-netty.
 *
 * <p>Belongs to the {@link Deadlines} of one event loop; moving it to another means clearing it on the first.
 */
public final class Deadline {
    static final int UNSET = -1;

    final LongConsumer onDue;
    int slot = UNSET;

    /** @param onDue called on the event loop with the current nano time */
    public Deadline(LongConsumer onDue) {
        this.onDue = onDue;
    }

    public boolean isSet() {
        return slot != UNSET;
    }
}
