package io.notify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the audiences of the most recently published rows, so that a reconnecting client that missed nothing can skip the
 * log. May return false positives, never false negatives.
 *
 * <p>Not thread-safe: the owner's lock guards it.
 */
final class RecentAudiences {
    /** Number of remembered rows. A scan of all of them takes less time than one query. */
    static final int ROWS = 4_096;

    /** Longer recipient lists are not stored and match every reader: they would cost more memory than they save reads. */
    private static final int MAX_RECIPIENTS = 16;

    private final @Nullable Row[] rows = new Row[ROWS];
    /** Every row published since this number was added. */
    private long from;

    /** @param recipients null if the list was too long to store */
    private record Row(long seq, String audience, @Nullable List<String> recipients) {
        boolean mayConcern(LogReader reader) {
            return recipients == null
                    || recipients.contains(reader.userId())
                    || reader.audiences().contains(audience);
        }
    }

    /** @param beginning the position after which every row will be added */
    RecentAudiences(Position beginning) {
        this.from = beginning.seq();
    }

    /** Adds a row. Its position must be in the present epoch and greater than that of any row added before. */
    void add(Delivery delivery) {
        long seq = delivery.event().position().seq();
        List<String> recipients = delivery.recipients();
        rows[slot(seq)] = new Row(seq, delivery.audience(), recipients.size() > MAX_RECIPIENTS ? null : recipients);
    }

    /** Starts an epoch. Numbers after its beginning denote other rows than they did in the previous epoch. */
    void beginEpoch(Position beginning) {
        from = beginning.seq();
    }

    /**
     * Returns whether any row in {@code (after, through]} may be addressed to a reader.
     *
     * @param through the number of the last published row
     */
    boolean mayConcern(LogReader reader, long after, long through) {
        if (after < Math.max(from, through - ROWS)) {
            return true;
        }
        for (long seq = after + 1; seq <= through; seq++) {
            Row row = rows[slot(seq)];
            // the slot holds another number, or nothing, if the row was purged before it was published
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
