package io.notify.jdbc;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * When each row of one block was first delivered.
 *
 * <p>As bytes, a number for each row: 0 if it was not; else the milliseconds since the last row before it that was, or since
 * 1970, made never 0 by adding 1 to what is not negative.
 */
final class Deliveries {
    /** Of a row that was not delivered. */
    static final long NEVER = Long.MIN_VALUE;

    private final long[] at = new long[Blocks.SIZE];
    private int end;

    Deliveries() {
        Arrays.fill(at, NEVER);
    }

    static Deliveries read(byte[] bytes) {
        Deliveries deliveries = new Deliveries();
        Varints.Reader reader = new Varints.Reader(bytes);
        long time = 0;
        for (int offset = 0; reader.hasMore(); offset++) {
            long step = reader.next();
            if (step != 0) {
                time += step > 0 ? step - 1 : step;
                deliveries.add(offset, time);
            }
        }
        return deliveries;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long time = 0;
        for (int offset = 0; offset < end; offset++) {
            if (at[offset] == NEVER) {
                Varints.write(out, 0);
            } else {
                long step = at[offset] - time;
                Varints.write(out, step >= 0 ? step + 1 : step);
                time = at[offset];
            }
        }
        return out.toByteArray();
    }

    /** The first delivery stands, whoever tells of it first. */
    void add(int offset, long millis) {
        if (at[offset] == NEVER || millis < at[offset]) {
            at[offset] = millis;
        }
        end = Math.max(end, offset + 1);
    }

    long at(int offset) {
        return at[offset];
    }
}
