package io.notify.jdbc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * How a database finds the rows of one user by their numbers without reading those of others.
 *
 * <p>Whoever wants them in order and no more than some asks for one {@link #parts part} after the other: within a part a
 * database may read all of them before it knows the first.
 */
enum UserRows {
    /** By an index of users and numbers, in one part. */
    INDEXED {
        @Override
        String from(String parameter) {
            return "notification_logs l";
        }

        @Override
        void bind(Query query, Part part, String parameter, String user) {
            // what the condition on user_id needs is bound by whoever states it
        }

        @Override
        List<Part> parts(Handle handle, long after, long through, boolean newestFirst) {
            return List.of(new Part(after, through));
        }
    },

    /**
     * By an index that keeps rows by user within each section of numbers, with one look into every section of a part. On H2 a
     * commit writes few pages of it; {@code V5__places.sql} says what a place is.
     */
    PLACED {
        @Override
        String from(String parameter) {
            // the index is named: for a short range of numbers H2 would take the key and read everybody's rows
            return "SYSTEM_RANGE(:firstSection, :lastSection) s"
                    + " JOIN notification_logs l USE INDEX (notification_logs_place)"
                    + " ON l.place >= s.x * " + PLACES_A_SECTION + " + :" + parameter + "Place"
                    + " AND l.place < s.x * " + PLACES_A_SECTION + " + :" + parameter + "Place + " + SECTION;
        }

        @Override
        void bind(Query query, Part part, String parameter, String user) {
            query.bind("firstSection", section(part.after() + 1))
                    .bind("lastSection", section(part.through()))
                    .bind(parameter + "Place", hash(user) * SECTION);
        }

        @Override
        List<Part> parts(Handle handle, long after, long through, boolean newestFirst) {
            boolean isShort = section(through) - section(after) < FIRST_SECTIONS;
            long from = isShort ? after : Math.max(after, beforeFirst(handle));
            return growing(from, through, newestFirst);
        }
    };

    private static final long SECTION = 1 << 14;
    private static final int HASHES = 1 << 23;
    private static final long PLACES_A_SECTION = HASHES * SECTION;
    private static final long FIRST_SECTIONS = 2;
    private static final long MOST_SECTIONS = 1_024;
    private static final long GROWTH = 4;

    /** Numbers beyond {@code after}, up to {@code through}. */
    record Part(long after, long through) {}

    /**
     * What to select from, with {@code l} for the rows; conditions on {@code l.user_id} and on {@code l.seq} go with it.
     *
     * @param parameter the name under which {@link #bind} is told the user
     */
    abstract String from(String parameter);

    /** Binds what {@link #from} needs for one of its users, beyond what the conditions need. */
    abstract void bind(Query query, Part part, String parameter, String user);

    /** A range of numbers in parts, in the order asked for; what is below the first row there is may be left out. */
    abstract List<Part> parts(Handle handle, long after, long through, boolean newestFirst);

    /** Purged sections have nothing to look for, and in the end there are more of them than of others. */
    private static long beforeFirst(Handle handle) {
        return handle.createQuery("SELECT COALESCE(MIN(seq), 1) - 1 FROM notification_logs")
                .mapTo(Long.class)
                .one();
    }

    /** Few sections first, for a page of what is common, then ever more. */
    static List<Part> growing(long after, long through, boolean newestFirst) {
        List<Part> parts = new ArrayList<>();
        long from = after;
        long to = through;
        for (long sections = FIRST_SECTIONS; from < to; sections = Math.min(sections * GROWTH, MOST_SECTIONS)) {
            if (newestFirst) {
                long lowest = (section(to) - sections + 1) * SECTION;
                parts.add(new Part(Math.max(from, lowest - 1), to));
                to = lowest - 1;
            } else {
                long end = (section(from + 1) + sections) * SECTION;
                parts.add(new Part(from, Math.min(to, end - 1)));
                from = end - 1;
            }
        }
        return parts;
    }

    private static long section(long seq) {
        return Math.floorDiv(seq, SECTION);
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
