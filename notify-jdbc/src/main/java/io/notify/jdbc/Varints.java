package io.notify.jdbc;

import java.io.ByteArrayOutputStream;

/** Whole numbers of which small ones are one byte: seven bits a byte, lowest first; negative ones take turns with others. */
final class Varints {
    private static final int MORE = 0x80;
    private static final int BITS = 7;

    private Varints() {}

    static void write(ByteArrayOutputStream out, long value) {
        long rest = (value << 1) ^ (value >> (Long.SIZE - 1));
        while ((rest & -MORE) != 0) {
            out.write((int) (rest | MORE));
            rest >>>= BITS;
        }
        out.write((int) rest);
    }

    /** Reads what {@link #write} wrote, from the start to the end. */
    static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean hasMore() {
            return at < bytes.length;
        }

        long next() {
            long value = 0;
            for (int shift = 0; ; shift += BITS) {
                byte b = bytes[at++];
                value |= (long) (b & (MORE - 1)) << shift;
                if (b >= 0) {
                    return (value >>> 1) ^ -(value & 1);
                }
            }
        }

        /** The next {@code count} bytes. */
        byte[] next(int count) {
            byte[] part = new byte[count];
            System.arraycopy(bytes, at, part, 0, count);
            at += count;
            return part;
        }
    }
}
