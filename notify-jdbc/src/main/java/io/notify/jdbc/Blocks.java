package io.notify.jdbc;

import io.notify.LogEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * What an operator filters and sums by, apart from the rows and by 256 numbers at a time: it says the same as the rows, since
 * it changes in the transactions that change them.
 *
 * <p>Facts change under the head's lock alone. Deliveries and readings have tables of their own, so that no reader holds up the
 * log thread and neither of them a send; their rows are locked after all others, in the order of their numbers.
 */
final class Blocks {
    static final int SIZE = 256;

    private static final int PER_QUERY = 64;

    /** Where one block in so many is wanted, reading all between costs less than looking each up. */
    private static final int SPARSE = 3;

    private static final int ROWS_A_STEP = 32 * SIZE;
    private static final String FACTS = "notification_blocks";
    private static final String DELIVERIES = "notification_block_deliveries";
    private static final String READINGS = "notification_block_readings";
    private static final List<String> TABLES = List.of(FACTS, DELIVERIES, READINGS);
    private static final String SELECT = "SELECT b.block_number, b.facts, d.deliveries, r.readings FROM " + FACTS
            + " b JOIN " + DELIVERIES + " d ON d.block_number = b.block_number JOIN " + READINGS
            + " r ON r.block_number = b.block_number WHERE ";

    private Blocks() {}

    // ---- changing ----

    /**
     * Adds rows of consecutive numbers.
     *
     * @param handle one that holds the head's lock
     */
    static void append(Handle handle, long first, List<LogEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        long last = first + entries.size() - 1;
        for (long number = first / SIZE; number <= last / SIZE; number++) {
            long start = number * SIZE;
            // what lies beyond the head has no block yet
            Facts before = start < first ? facts(handle, number) : null;
            Facts facts = before == null ? new Facts() : before;
            for (long seq = Math.max(first, start); seq <= Math.min(last, start + SIZE - 1); seq++) {
                LogEntry entry = entries.get((int) (seq - first));
                facts.add(
                        (int) (seq - start),
                        entry.event(),
                        entry.userId(),
                        AudienceColumn.of(entry),
                        Utc.millis(entry.createdAt()));
            }
            if (before == null) {
                insert(handle, number, facts, new byte[0], new byte[0]);
            } else {
                update(handle, number, facts);
            }
        }
    }

    /** @param at when each of the rows was delivered, by number */
    static void delivered(Handle handle, SortedMap<Long, Instant> at) {
        change(handle, DELIVERIES, "deliveries", byBlock(at.keySet()), (bytes, seqs) -> {
            Deliveries deliveries = Deliveries.read(bytes);
            seqs.forEach(seq -> deliveries.add(offset(seq), Utc.millis(Objects.requireNonNull(at.get(seq)))));
            return deliveries.bytes();
        });
    }

    /** @param seqs of rows that have been read for the first time; again does no harm */
    static void read(Handle handle, SortedSet<Long> seqs) {
        change(handle, READINGS, "readings", byBlock(seqs), (bytes, marked) -> {
            BitSet readings = BitSet.valueOf(bytes);
            marked.forEach(seq -> readings.set(offset(seq)));
            return readings.toByteArray();
        });
    }

    /**
     * Takes out rows that were purged.
     *
     * @param handle one that holds the head's lock
     */
    static void remove(Handle handle, Iterable<Long> seqs) {
        byBlock(seqs).forEach((number, gone) -> {
            Facts facts = facts(handle, number);
            if (facts == null) {
                return;
            }
            gone.forEach(seq -> facts.remove(offset(seq)));
            if (!facts.isEmpty()) {
                update(handle, number, facts);
                return;
            }
            delete(handle, number);
        });
    }

    private static void delete(Handle handle, long number) {
        for (String table : TABLES) {
            handle.createUpdate("DELETE FROM " + table + " WHERE block_number = ?")
                    .bind(0, number)
                    .execute();
        }
    }

    private static void change(
            Handle handle,
            String table,
            String column,
            SortedMap<Long, List<Long>> seqs,
            BiFunction<byte[], List<Long>, byte[]> change) {
        List<Long> numbers = List.copyOf(seqs.keySet());
        PreparedBatch update =
                handle.prepareBatch("UPDATE " + table + " SET " + column + " = ? WHERE block_number = ?");
        for (int from = 0; from < numbers.size(); from += PER_QUERY) {
            List<Long> part = numbers.subList(from, Math.min(numbers.size(), from + PER_QUERY));
            query(
                            handle,
                            "SELECT block_number, " + column + " FROM " + table + " WHERE block_number IN ",
                            part,
                            " ORDER BY block_number FOR UPDATE")
                    .map((row, context) -> Map.entry(row.getLong("block_number"), row.getBytes(column)))
                    .forEach(found -> update.add(
                            change.apply(found.getValue(), seqs.getOrDefault(found.getKey(), List.of())),
                            found.getKey()));
        }
        Batches.execute(update);
    }

    private static void insert(Handle handle, long number, Facts facts, byte[] deliveries, byte[] readings) {
        handle.createUpdate("INSERT INTO " + FACTS + " (block_number, first_at, last_at, facts) VALUES (?, ?, ?, ?)")
                .bind(0, number)
                .bind(1, facts.firstAt())
                .bind(2, facts.lastAt())
                .bind(3, facts.bytes())
                .execute();
        handle.createUpdate("INSERT INTO " + DELIVERIES + " (block_number, deliveries) VALUES (?, ?)")
                .bind(0, number)
                .bind(1, deliveries)
                .execute();
        handle.createUpdate("INSERT INTO " + READINGS + " (block_number, readings) VALUES (?, ?)")
                .bind(0, number)
                .bind(1, readings)
                .execute();
    }

    private static void update(Handle handle, long number, Facts facts) {
        handle.createUpdate("UPDATE " + FACTS + " SET first_at = ?, last_at = ?, facts = ? WHERE block_number = ?")
                .bind(0, facts.firstAt())
                .bind(1, facts.lastAt())
                .bind(2, facts.bytes())
                .bind(3, number)
                .execute();
    }

    // ---- from rows that were there before ----

    /** Forgets all, so that {@link #catchUp} makes it anew from the rows. */
    static void forget(Handle handle) {
        for (String table : TABLES) {
            handle.execute("DELETE FROM " + table);
        }
    }

    private record Row(
            long seq,
            String userId,
            @Nullable String audience,
            String event,
            long createdAt,
            @Nullable Long deliveredAt,
            boolean read) {
        static Row of(ResultSet row) throws SQLException {
            Instant createdAt = Utc.instant(row, "created_at");
            Instant deliveredAt = Utc.nullableInstant(row, "delivered_at");
            return new Row(
                    row.getLong("seq"),
                    row.getString("user_id"),
                    row.getString("audience"),
                    row.getString("event"),
                    createdAt.toEpochMilli(),
                    row.getBoolean("delivered")
                            ? Long.valueOf((deliveredAt == null ? createdAt : deliveredAt).toEpochMilli())
                            : null,
                    Utc.nullableInstant(row, "read_at") != null);
        }
    }

    /**
     * Adds some thousand rows beyond the last one that is here.
     *
     * @return whether there may be more
     */
    static boolean catchUp(Handle handle) {
        Head.lock(handle);
        long known = handle.createQuery("SELECT MAX(block_number) FROM " + FACTS)
                .mapTo(Long.class)
                .findOne()
                .map(number -> known(handle, number))
                .orElse(0L);
        List<Row> rows = handle.createQuery(
                        "SELECT seq, user_id, audience, event, created_at, delivered, delivered_at, read_at"
                                + " FROM notification_logs WHERE seq > ? ORDER BY seq LIMIT ?")
                .bind(0, known)
                .bind(1, ROWS_A_STEP)
                .map((row, context) -> Row.of(row))
                .list();
        SortedMap<Long, Block> blocks = new TreeMap<>();
        for (Row row : rows) {
            Block block = blocks.computeIfAbsent(row.seq() / SIZE, number -> existing(handle, number));
            int offset = offset(row.seq());
            block.facts().add(offset, row.event(), row.userId(), row.audience(), row.createdAt());
            if (row.deliveredAt() != null) {
                block.deliveries().add(offset, row.deliveredAt());
            }
            block.readings().set(offset, row.read());
        }
        for (Block block : blocks.values()) {
            delete(handle, block.number());
            insert(
                    handle,
                    block.number(),
                    block.facts(),
                    block.deliveries().bytes(),
                    block.readings().toByteArray());
        }
        return rows.size() == ROWS_A_STEP;
    }

    private static long known(Handle handle, long number) {
        Facts facts = facts(handle, number);
        return facts == null ? 0 : number * SIZE + facts.end() - 1;
    }

    private static Block existing(Handle handle, long number) {
        List<Block> found = fetch(handle, List.of(number));
        return found.isEmpty() ? Block.empty(number) : found.get(0);
    }

    // ---- looking ----

    /**
     * A run of blocks.
     *
     * @param first the lowest number
     * @param end beyond the highest number
     */
    record Range(long first, long end) {
        static final Range ALL = new Range(0, Long.MAX_VALUE);
        static final Range NONE = new Range(0, 0);

        boolean isEmpty() {
            return first >= end;
        }
    }

    /** The blocks among which all rows of a span of time are; null means any. */
    static Range range(Handle handle, @Nullable Instant from, @Nullable Instant to) {
        if (from == null && to == null) {
            return Range.ALL;
        }
        Query query = handle.createQuery("SELECT MIN(block_number) AS lowest, MAX(block_number) AS highest FROM "
                + FACTS + " WHERE last_at >= :from AND first_at < :to");
        return query.bind("from", Utc.argument(from == null ? Instant.MIN : from))
                .bind("to", Utc.argument(to == null ? Instant.MAX : to))
                .map((row, context) -> row.getObject("lowest") == null
                        ? Range.NONE
                        : new Range(row.getLong("lowest"), row.getLong("highest") + 1))
                .one();
    }

    /** The highest ones of a range, the highest first. */
    static List<Block> fetch(Handle handle, Range range, int limit) {
        return handle.createQuery(
                        SELECT + "b.block_number >= ? AND b.block_number < ?" + " ORDER BY b.block_number DESC LIMIT ?")
                .bind(0, range.first())
                .bind(1, range.end())
                .bind(2, limit)
                .map((row, context) -> block(row))
                .list();
    }

    /** Those of the numbers that there are, in no order. */
    static List<Block> fetch(Handle handle, List<Long> numbers) {
        return fetch(handle, numbers, SELECT, (row, context) -> block(row));
    }

    /** Those of the rows that somebody has read; nine tenths of a block's bytes stay where they are for it. */
    static List<Long> amongRead(Handle handle, List<Long> seqs) {
        Map<Long, BitSet> readings = new HashMap<>();
        fetch(
                        handle,
                        byBlock(seqs).keySet(),
                        "SELECT b.block_number, b.readings FROM " + READINGS + " b WHERE ",
                        (row, context) ->
                                Map.entry(row.getLong("block_number"), BitSet.valueOf(row.getBytes("readings"))))
                .forEach(block -> readings.put(block.getKey(), block.getValue()));
        return seqs.stream()
                .filter(seq -> readings.getOrDefault(seq / SIZE, new BitSet()).get(offset(seq)))
                .toList();
    }

    private static <T> List<T> fetch(Handle handle, Collection<Long> wanted, String select, RowMapper<T> mapper) {
        List<Long> numbers = List.copyOf(wanted);
        if (!numbers.isEmpty()) {
            long lowest = Collections.min(numbers);
            long end = Collections.max(numbers) + 1;
            if (end - lowest < (long) SPARSE * numbers.size()) {
                return handle.createQuery(select + "b.block_number >= ? AND b.block_number < ?")
                        .bind(0, lowest)
                        .bind(1, end)
                        .map(mapper)
                        .list();
            }
        }
        List<T> blocks = new ArrayList<>();
        for (int from = 0; from < numbers.size(); from += PER_QUERY) {
            List<Long> part = numbers.subList(from, Math.min(numbers.size(), from + PER_QUERY));
            blocks.addAll(query(handle, select + "b.block_number IN ", part, "")
                    .map(mapper)
                    .list());
        }
        return blocks;
    }

    /** The first blocks that have a row created before a time. */
    static List<Long> olderThan(Handle handle, Instant before, int limit) {
        return handle.createQuery(
                        "SELECT block_number FROM " + FACTS + " WHERE first_at < ? ORDER BY block_number LIMIT ?")
                .bind(0, Utc.argument(before))
                .bind(1, limit)
                .mapTo(Long.class)
                .list();
    }

    /** Its rows created before a time, in the order of their numbers. */
    static Stream<Long> createdBefore(Handle handle, long number, Instant before) {
        Facts facts = facts(handle, number);
        return facts == null
                ? Stream.of()
                : IntStream.range(0, facts.end())
                        .filter(offset -> facts.has(offset) && facts.createdAt(offset) < Utc.millis(before))
                        .mapToObj(offset -> number * SIZE + offset);
    }

    private static Block block(ResultSet row) throws SQLException {
        return new Block(
                row.getLong("block_number"),
                row.getBytes("facts"),
                row.getBytes("deliveries"),
                row.getBytes("readings"));
    }

    private static @Nullable Facts facts(Handle handle, long number) {
        return handle.createQuery("SELECT facts FROM " + FACTS + " WHERE block_number = ?")
                .bind(0, number)
                .map((row, context) -> Facts.read(row.getBytes("facts")))
                .findOne()
                .orElse(null);
    }

    /** With a power of two of parameters, the last one repeated: few different statements, which databases keep. */
    private static Query query(Handle handle, String start, List<Long> numbers, String end) {
        int count = Integer.highestOneBit(Math.max(1, 2 * numbers.size() - 1));
        Query query = handle.createQuery(start + "(" + String.join(", ", Collections.nCopies(count, "?")) + ")" + end);
        for (int i = 0; i < count; i++) {
            query.bind(i, numbers.get(Math.min(i, numbers.size() - 1)));
        }
        return query;
    }

    static int offset(long seq) {
        return (int) (seq % SIZE);
    }

    private static SortedMap<Long, List<Long>> byBlock(Iterable<Long> seqs) {
        SortedMap<Long, List<Long>> blocks = new TreeMap<>();
        seqs.forEach(seq ->
                blocks.computeIfAbsent(seq / SIZE, number -> new ArrayList<>()).add(seq));
        return blocks;
    }
}
