package io.notify;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sums over the notifications that were created in a span of whole hours.
 *
 * <p>They are kept apart from the rows: a purged row is counted for as long as its hour is within the retention.
 *
 * @param total rows created in the span
 * @param delivered of these, how many at least one connection took
 * @param read of these, how many were read by somebody
 * @param failed of these, how many have an error
 * @param byEvent rows by event
 * @param byHour rows by the hour they were created in, UTC; hours without rows are absent
 * @param deliveryMillisP50 median of the time from creation to first delivery, in milliseconds, as {@link DeliveryTimes}
 *     tells it; null if none was delivered
 * @param deliveryMillisP99 the 99th percentile of the same
 */
public record LogStats(
        long total,
        long delivered,
        long read,
        long failed,
        Map<String, Long> byEvent,
        Map<Instant, Long> byHour,
        @Nullable Long deliveryMillisP50,
        @Nullable Long deliveryMillisP99) {
    public LogStats {
        byEvent = Map.copyOf(byEvent);
        byHour = Map.copyOf(byHour);
    }
}
