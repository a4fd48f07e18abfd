package io.notify;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which connections of one lane took the most recent rows: the first 16 connections for each of about 1,024 rows.
 * The lane writes and any thread reads; neither waits.
 */
final class DeliveryTrail {
    private static final int ROWS = 1_024;
    private static final int TAKERS = 16;

    private final AtomicReferenceArray<@Nullable Mark> marks = new AtomicReferenceArray<>(ROWS);

    /** Records that a connection took a row. Called on the lane. Connections beyond the limit cost one read. */
    void took(long number, Client client, Clock clock) {
        int slot = slot(number);
        Mark last = marks.getPlain(slot);
        Mark before = last != null && last.number == number ? last : null;
        if (before == null || before.count < TAKERS) {
            Story.Taker taker = new Story.Taker(
                    client.identity().userId(),
                    client.sessionId(),
                    client.socketId(),
                    client.transport(),
                    clock.instant());
            marks.setRelease(slot, new Mark(number, taker, before == null ? 1 : before.count + 1, before));
        }
    }

    /** Any thread. */
    List<Story.Taker> of(long number) {
        List<Story.Taker> takers = new ArrayList<>();
        for (Mark m = marks.getAcquire(slot(number)); m != null && m.number == number; m = m.before) {
            takers.add(m.taker);
        }
        return takers;
    }

    private static int slot(long number) {
        return (int) (number & (ROWS - 1));
    }

    private record Mark(
            long number,
            Story.Taker taker,
            int count,
            @Nullable Mark before) {}
}
