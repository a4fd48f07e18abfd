package io.notify.jdbc;

import io.notify.LogEntry;
import io.notify.LogFilter;
import java.time.Instant;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The part of a filter that a block answers without its rows; the rest is a user of its own, an audience and a text. */
record Wanted(
        @Nullable String event,
        boolean sharedOnly,
        @Nullable Boolean delivered,
        @Nullable Boolean read,
        @Nullable Instant from,
        @Nullable Instant to) {
    static Wanted of(LogFilter f) {
        return new Wanted(f.event(), LogEntry.EVERY_USER.equals(f.userId()), f.delivered(), f.read(), f.from(), f.to());
    }

    /** Whether it is every row. */
    boolean isAny() {
        return event == null && !sharedOnly && delivered == null && read == null && from == null && to == null;
    }

    /** The rows wanted, by their place in the block. */
    BitSet in(Block block) {
        BitSet rows = new BitSet(Blocks.SIZE);
        if (Boolean.TRUE.equals(read)) {
            rows.or(block.readings());
        } else {
            rows.set(0, Blocks.SIZE);
            if (read != null) {
                rows.andNot(block.readings());
            }
        }
        if (!rows.isEmpty()) {
            keepOnly(rows, block);
        }
        return rows;
    }

    private void keepOnly(BitSet rows, Block block) {
        Facts facts = block.facts();
        long start = from == null ? Long.MIN_VALUE : Utc.millis(from);
        long end = to == null ? Long.MAX_VALUE : Utc.millis(to);
        int code = event == null ? 0 : facts.code(event);
        for (int offset = rows.nextSetBit(0); offset >= 0; offset = rows.nextSetBit(offset + 1)) {
            long createdAt = facts.createdAt(offset);
            if (!facts.has(offset)
                    || (event != null && facts.event(offset) != code)
                    || (sharedOnly && !facts.isShared(offset))
                    || createdAt < start
                    || createdAt >= end
                    || (delivered != null && delivered != (block.deliveries().at(offset) != Deliveries.NEVER))) {
                rows.clear(offset);
            }
        }
    }
}
