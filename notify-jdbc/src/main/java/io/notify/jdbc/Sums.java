package io.notify.jdbc;

import io.notify.LogStats;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds up blocks row by row, so every sum and percentile is exact, whatever the ends of the span. */
final class Sums {
    private static final long HOUR_MILLIS = 3_600_000;

    /** Waits below it are counted in an array; few are longer. */
    private static final int SHORT_MILLIS = 65_536;

    private final long from;
    private final long to;
    private final Map<String, Long> byEvent = new HashMap<>();
    private final Map<Long, Long> byHour = new HashMap<>();
    private final long[] shortWaits = new long[SHORT_MILLIS];
    private final TreeMap<Long, Long> longWaits = new TreeMap<>();
    private long total;
    private long delivered;
    private long read;

    Sums(Instant from, Instant to) {
        this.from = Utc.millis(from);
        this.to = Utc.millis(to);
    }

    void add(Block block) {
        Facts facts = block.facts();
        List<String> events = facts.events();
        long[] rows = new long[events.size()];
        long hour = Long.MIN_VALUE;
        long ofHour = 0;
        for (int offset = 0; offset < facts.end(); offset++) {
            long createdAt = facts.createdAt(offset);
            if (!facts.has(offset) || createdAt < from || createdAt >= to) {
                continue;
            }
            rows[facts.event(offset)]++;
            total++;
            if (Math.floorDiv(createdAt, HOUR_MILLIS) != hour) {
                addHour(hour, ofHour);
                hour = Math.floorDiv(createdAt, HOUR_MILLIS);
                ofHour = 0;
            }
            ofHour++;
            if (block.readings().get(offset)) {
                read++;
            }
            long at = block.deliveries().at(offset);
            if (at != Deliveries.NEVER) {
                delivered++;
                addWait(Math.max(0, at - createdAt));
            }
        }
        addHour(hour, ofHour);
        for (int code = 0; code < rows.length; code++) {
            if (rows[code] > 0) {
                byEvent.merge(events.get(code), rows[code], Long::sum);
            }
        }
    }

    private void addHour(long hour, long rows) {
        if (rows > 0) {
            byHour.merge(hour, rows, Long::sum);
        }
    }

    private void addWait(long millis) {
        if (millis < SHORT_MILLIS) {
            shortWaits[(int) millis]++;
        } else {
            longWaits.merge(millis, 1L, Long::sum);
        }
    }

    LogStats stats() {
        Map<Instant, Long> hours = new HashMap<>();
        byHour.forEach((hour, rows) -> hours.put(Instant.ofEpochMilli(hour * HOUR_MILLIS), rows));
        return new LogStats(total, delivered, read, byEvent, hours, nearestRank(50), nearestRank(99));
    }

    private @Nullable Long nearestRank(int percent) {
        if (delivered == 0) {
            return null;
        }
        long rank = (delivered * percent + 99) / 100;
        long seen = 0;
        for (int millis = 0; millis < SHORT_MILLIS; millis++) {
            seen += shortWaits[millis];
            if (seen >= rank) {
                return (long) millis;
            }
        }
        for (Map.Entry<Long, Long> wait : longWaits.entrySet()) {
            seen += wait.getValue();
            if (seen >= rank) {
                return wait.getKey();
            }
        }
        throw new IllegalStateException(
                "rank " + rank + " of " + Arrays.stream(shortWaits).sum() + " waits");
    }
}
