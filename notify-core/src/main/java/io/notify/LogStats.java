package io.notify;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the log's rows of a span of time add up to.
 *
 * @param total rows created in it
 * @param delivered of these, how many at least one connection took
 * @param read of these, how many were read by somebody
 * @param byEvent rows by event
 * @param byHour rows by the hour they were created in, UTC; hours without rows are absent
 * @param deliveryMillisP50 median of the time from creation to first delivery, in milliseconds; null if none was
 * @param deliveryMillisP99 the 99th percentile of the same
 */
public record LogStats(
        long total,
        long delivered,
        long read,
        Map<String, Long> byEvent,
        Map<Instant, Long> byHour,
        @Nullable Long deliveryMillisP50,
        @Nullable Long deliveryMillisP99) {
    public LogStats {
        byEvent = Map.copyOf(byEvent);
        byHour = Map.copyOf(byHour);
    }
}
