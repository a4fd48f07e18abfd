package io.notify.jdbc;

import io.notify.LogEntry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What never changes of the rows of one block: event, whether it is of more than one user, whether its audience is another than
 * its user, and when it was created. Rows that were purged are not there.
 *
 * <p>As bytes, a number and what follows for each row: eight times the event's place in the list of those that came before,
 * plus 4 if numbers are left out before the row (then: how many), plus 2 if its audience is not its user, plus 1 if it is of
 * more than one user. A place at the end of the list is a new event: its length in bytes and the bytes. Then the milliseconds
 * since the row before, for the first one since 1970.
 */
final class Facts {
    private static final int SHARED = 1;
    private static final int ADDRESSED = 2;
    private static final int KIND = SHARED | ADDRESSED;
    private static final int SKIPS = 4;
    private static final int EVENT_SHIFT = 3;
    private static final byte ABSENT = -1;

    private final List<String> events = new ArrayList<>();
    private final Map<String, Integer> codes = new HashMap<>();
    private final short[] event = new short[Blocks.SIZE];
    private final byte[] kind = new byte[Blocks.SIZE];
    private final long[] createdAt = new long[Blocks.SIZE];
    private int rows;
    private int end;

    Facts() {
        Arrays.fill(event, ABSENT);
    }

    static Facts read(byte[] bytes) {
        Facts facts = new Facts();
        Varints.Reader reader = new Varints.Reader(bytes);
        int offset = 0;
        long time = 0;
        while (reader.hasMore()) {
            int head = (int) reader.next();
            if ((head & SKIPS) != 0) {
                offset += (int) reader.next();
            }
            int code = head >> EVENT_SHIFT;
            if (code == facts.events.size()) {
                facts.newEvent(new String(reader.next((int) reader.next()), StandardCharsets.UTF_8));
            }
            time += reader.next();
            facts.put(offset++, code, head & KIND, time);
        }
        return facts;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int[] places = new int[events.size()];
        int known = 0;
        int next = 0;
        long time = 0;
        for (int offset = 0; offset < end; offset++) {
            if (event[offset] == ABSENT) {
                continue;
            }
            int code = event[offset];
            boolean isNew = places[code] == 0;
            if (isNew) {
                places[code] = ++known;
            }
            int skipped = offset - next;
            Varints.write(out, ((long) (places[code] - 1) << EVENT_SHIFT) | (skipped > 0 ? SKIPS : 0) | kind[offset]);
            if (skipped > 0) {
                Varints.write(out, skipped);
            }
            if (isNew) {
                byte[] name = events.get(code).getBytes(StandardCharsets.UTF_8);
                Varints.write(out, name.length);
                out.writeBytes(name);
            }
            Varints.write(out, createdAt[offset] - time);
            time = createdAt[offset];
            next = offset + 1;
        }
        return out.toByteArray();
    }

    /**
     * Adds a row that is not there.
     *
     * @param userId its user's column
     * @param audience its audience's column
     */
    void add(int offset, String name, String userId, @Nullable String audience, long createdMillis) {
        Integer code = codes.get(name);
        int shared = userId.equals(LogEntry.EVERY_USER) ? SHARED : 0;
        int addressed = audience == null ? 0 : ADDRESSED;
        put(offset, code == null ? newEvent(name) : code, shared | addressed, createdMillis);
    }

    private int newEvent(String name) {
        codes.put(name, events.size());
        events.add(name);
        return events.size() - 1;
    }

    private void put(int offset, int code, int rowKind, long createdMillis) {
        event[offset] = (short) code;
        kind[offset] = (byte) rowKind;
        createdAt[offset] = createdMillis;
        rows++;
        end = Math.max(end, offset + 1);
    }

    void remove(int offset) {
        if (has(offset)) {
            event[offset] = ABSENT;
            rows--;
        }
    }

    boolean has(int offset) {
        return event[offset] != ABSENT;
    }

    boolean isEmpty() {
        return rows == 0;
    }

    /** Beyond the last row there ever was. */
    int end() {
        return end;
    }

    /** The events there may be, each once; a row's is its place. */
    List<String> events() {
        return events;
    }

    /** The place of the row's event in {@link #events}; negative if there is no such row. */
    int event(int offset) {
        return event[offset];
    }

    /** The event's place; -2, which no row has, if there is none of it. */
    int code(String name) {
        return codes.getOrDefault(name, -2);
    }

    boolean isShared(int offset) {
        return (kind[offset] & SHARED) != 0;
    }

    /** Whether its audience is its user. */
    boolean isOwn(int offset) {
        return (kind[offset] & ADDRESSED) == 0;
    }

    long createdAt(int offset) {
        return createdAt[offset];
    }

    LocalDateTime firstAt() {
        return at(true);
    }

    LocalDateTime lastAt() {
        return at(false);
    }

    private LocalDateTime at(boolean first) {
        long found = first ? Long.MAX_VALUE : Long.MIN_VALUE;
        for (int offset = 0; offset < end; offset++) {
            if (has(offset)) {
                found = first ? Math.min(found, createdAt[offset]) : Math.max(found, createdAt[offset]);
            }
        }
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(found), ZoneOffset.UTC);
    }
}
