package io.notify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows of the last rows that were handed over whom they were for: what it says was not for somebody was not. Of what it does
 * not know any more it says that it may have been.
 *
 * <p>Not safe for several threads: its owner's lock guards it.
 */
final class Passed {
    /** How many rows it knows. Looking through all of them takes less than one query. */
    static final int ROWS = 4_096;

    /** Longer lists are for anybody, as far as is known here: they would take more memory than they save reading. */
    private static final int MAX_RECIPIENTS = 16;

    private final @Nullable Row[] rows = new Row[ROWS];
    /** Rows beyond it have all been added. */
    private long from;

    /** @param recipients null for a list too long to keep */
    private record Row(long seq, String audience, @Nullable List<String> recipients) {
        boolean mayConcern(LogReader reader) {
            return recipients == null
                    || recipients.contains(reader.userId())
                    || reader.audiences().contains(audience);
        }
    }

    /** @param beginning behind it every row is going to be added */
    Passed(Position beginning) {
        this.from = beginning.seq();
    }

    /** A row of the epoch that began with {@link #begin}, beyond all that were added before. */
    void add(Delivery delivery) {
        long seq = delivery.event().position().seq();
        List<String> recipients = delivery.recipients();
        rows[slot(seq)] = new Row(seq, delivery.audience(), recipients.size() > MAX_RECIPIENTS ? null : recipients);
    }

    /** In another epoch the numbers beyond its beginning are others. */
    void begin(Position beginning) {
        from = beginning.seq();
    }

    /**
     * Whether one of the rows {@code (after, through]} may be for a reader.
     *
     * @param through up to where rows have been added
     */
    boolean mayConcern(LogReader reader, long after, long through) {
        if (after < Math.max(from, through - ROWS)) {
            return true;
        }
        for (long seq = after + 1; seq <= through; seq++) {
            Row row = rows[slot(seq)];
            // another number, or none, stands where the row was purged before it was handed over
            if (row != null && row.seq() == seq && row.mayConcern(reader)) {
                return true;
            }
        }
        return false;
    }

    private static int slot(long seq) {
        return (int) (seq % ROWS);
    }
}
