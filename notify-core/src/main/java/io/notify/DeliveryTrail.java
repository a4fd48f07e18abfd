package io.notify;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which connections of one lane took the rows that it showed last: the first 16 of each of some 1,024. The lane
 * writes, any thread reads, and neither waits.
 */
final class DeliveryTrail {
    private static final int ROWS = 1_024;
    private static final int TAKERS = 16;

    private final AtomicReferenceArray<@Nullable Mark> marks = new AtomicReferenceArray<>(ROWS);

    /** The lane. A connection beyond the first ones costs no more than a look. */
    void took(long number, LiveConnection connection) {
        int slot = slot(number);
        Mark last = marks.getPlain(slot);
        Mark before = last != null && last.number == number ? last : null;
        if (before == null || before.count < TAKERS) {
            Story.Taker taker = new Story.Taker(
                    connection.identity().userId(),
                    connection.sessionId(),
                    connection.socketId(),
                    connection.transport(),
                    connection.now());
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
