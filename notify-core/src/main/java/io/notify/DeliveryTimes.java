package io.notify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fixed histogram in which every log counts the time from creation to first delivery, so that all of them answer the
 * same percentiles.
 *
 * <p>A time belongs to the first bucket whose upper bound it does not exceed; the last bucket has no bound. A percentile is
 * interpolated within its bucket, so it is exact at the bounds and off by less than a bucket's width between them.
 */
public final class DeliveryTimes {
    /** Upper bounds of all buckets but the last one, inclusive, in milliseconds, ascending. */
    public static final List<Long> BOUNDS = List.of(
            1L,
            2L,
            5L,
            10L,
            20L,
            50L,
            100L,
            200L,
            500L,
            1_000L,
            2_000L,
            5_000L,
            10_000L,
            60_000L,
            600_000L,
            3_600_000L);

    /** How many buckets there are, the unbounded one included. */
    public static final int BUCKETS = BOUNDS.size() + 1;

    private DeliveryTimes() {}

    /**
     * The bucket that a time belongs to.
     *
     * @param millis a time in milliseconds; negative ones, from clocks that disagree, count as 0
     * @return 0 to {@link #BUCKETS} - 1
     */
    public static int bucket(long millis) {
        int bucket = 0;
        while (bucket < BOUNDS.size() && millis > BOUNDS.get(bucket)) {
            bucket++;
        }
        return bucket;
    }

    /**
     * The smallest time, in whole milliseconds, that at least the given share of the counted times does not exceed.
     *
     * @param counts one count for each bucket
     * @param percent 1 to 100
     * @return null if nothing was counted; the highest bound if the answer lies beyond it
     */
    public static @Nullable Long percentile(long[] counts, int percent) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        if (total == 0) {
            return null;
        }
        long rank = (total * percent + 99) / 100;
        long below = 0;
        int bucket = 0;
        while (below + counts[bucket] < rank) {
            below += counts[bucket++];
        }
        long lower = bucket == 0 ? 0 : BOUNDS.get(bucket - 1);
        if (bucket == BOUNDS.size()) {
            return lower;
        }
        long width = BOUNDS.get(bucket) - lower;
        return lower + (width * (rank - below) + counts[bucket] - 1) / counts[bucket];
    }
}
