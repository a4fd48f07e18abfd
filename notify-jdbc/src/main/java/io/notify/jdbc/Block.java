package io.notify.jdbc;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** What is known of a run of {@link Blocks#SIZE} numbers, at one time; what nobody asks for is not unpacked. Not thread-safe. */
final class Block {
    private final long number;
    private final byte[] factBytes;
    private final byte[] deliveryBytes;
    private final byte[] readingBytes;
    private @Nullable Facts facts;
    private @Nullable Deliveries deliveries;
    private @Nullable BitSet readings;

    Block(long number, byte[] facts, byte[] deliveries, byte[] readings) {
        this.number = number;
        this.factBytes = facts;
        this.deliveryBytes = deliveries;
        this.readingBytes = readings;
    }

    static Block empty(long number) {
        return new Block(number, new byte[0], new byte[0], new byte[0]);
    }

    long number() {
        return number;
    }

    Facts facts() {
        if (facts == null) {
            facts = Facts.read(factBytes);
        }
        return facts;
    }

    Deliveries deliveries() {
        if (deliveries == null) {
            deliveries = Deliveries.read(deliveryBytes);
        }
        return deliveries;
    }

    /** The rows that somebody read, by their place. */
    BitSet readings() {
        if (readings == null) {
            readings = BitSet.valueOf(readingBytes);
        }
        return readings;
    }

    long seq(int offset) {
        return number * Blocks.SIZE + offset;
    }
}
