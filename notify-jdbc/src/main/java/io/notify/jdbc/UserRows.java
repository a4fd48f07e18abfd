package io.notify.jdbc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.Query;

/**
 * How a database finds the rows of one user by their numbers without reading those of others.
 *
 * <p>Whoever wants them in order and no more than some asks for one {@link #parts part} after the other: within a part a
 * database may read all of them before it knows the first.
 */
enum UserRows {
    /** An index by user and number: one part. */
    INDEXED {
        @Override
        String from(String user) {
            return "notification_logs l";
        }

        @Override
        void bind(Query query, Part part, String user, String value) {
            // what the condition on user_id needs is bound already
        }

        @Override
        List<Part> parts(long after, long through, boolean newestFirst) {
            return List.of(new Part(after, through));
        }
    },

    /**
     * An index that keeps rows by user within each stretch of numbers: one look for every stretch. On H2 a commit so writes
     * few pages; {@code V5__places.sql} says what a place is.
     */
    PLACED {
        @Override
        String from(String user) {
            // named, since H2 would take the key for a short range of numbers and read the rows of everybody
            return "SYSTEM_RANGE(:firstStretch, :lastStretch) s"
                    + " JOIN notification_logs l USE INDEX (notification_logs_place)"
                    + " ON l.place >= s.x * " + STRETCH_OF_PLACES + " + :" + user + "Place"
                    + " AND l.place < s.x * " + STRETCH_OF_PLACES + " + :" + user + "Place + " + STRETCH;
        }

        @Override
        void bind(Query query, Part part, String user, String value) {
            query.bind("firstStretch", stretch(part.after() + 1))
                    .bind("lastStretch", stretch(part.through()))
                    .bind(user + "Place", hash(value) * STRETCH);
        }

        @Override
        List<Part> parts(long after, long through, boolean newestFirst) {
            List<Part> parts = new ArrayList<>();
            long from = after;
            long to = through;
            for (long stretches = FIRST_STRETCHES;
                    from < to;
                    stretches = Math.min(stretches * GROWTH, MOST_STRETCHES)) {
                if (newestFirst) {
                    long lowest = (stretch(to) - stretches + 1) * STRETCH;
                    parts.add(new Part(Math.max(from, lowest - 1), to));
                    to = lowest - 1;
                } else {
                    long end = (stretch(from + 1) + stretches) * STRETCH;
                    parts.add(new Part(from, Math.min(to, end - 1)));
                    from = end - 1;
                }
            }
            return parts;
        }
    };

    private static final long STRETCH = 1 << 14;
    private static final int HASHES = 1 << 23;
    private static final long STRETCH_OF_PLACES = HASHES * STRETCH;
    private static final long FIRST_STRETCHES = 2;
    private static final long MOST_STRETCHES = 1_024;
    private static final long GROWTH = 4;

    /** Numbers beyond {@code after}, up to {@code through}. */
    record Part(long after, long through) {}

    /**
     * What to select from, with {@code l} for the rows; a condition on {@code l.user_id} and on {@code l.seq} goes with it.
     *
     * @param user the name of the parameter for the user
     */
    abstract String from(String user);

    /** Binds what {@link #from} needs for one of its users beyond the user itself. */
    abstract void bind(Query query, Part part, String user, String value);

    /** A range of numbers cut into ever larger parts, in the order asked for. */
    abstract List<Part> parts(long after, long through, boolean newestFirst);

    private static long stretch(long seq) {
        return Math.floorDiv(seq, STRETCH);
    }

    private static long hash(String user) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(user.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getInt() & (HASHES - 1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: every JDK has it)", e);
        }
    }
}
