package io.notify;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The activity of a service on this node during one second, computed from its meters. Rates are per second.
 *
 * @param at end of the second
 * @param presence users and connections at that time
 * @param sends accepted notifications
 * @param deliveries notifications taken by a connection, replays included
 * @param deliveryMillisP50 median time from a send to the sockets over the last minute, in milliseconds; null if nothing was
 *     delivered or the host's MeterRegistry computes no percentiles
 * @param deliveryMillisP99 99th percentile of the same time
 * @param errors errors by kind; a kind that did not occur is zero
 * @param queued number of notifications waiting for the log
 * @param logAvailable whether the log could be written
 */
public record MetricSample(
        Instant at,
        PresenceStats presence,
        double sends,
        double deliveries,
        @Nullable Double deliveryMillisP50,
        @Nullable Double deliveryMillisP99,
        Map<String, Double> errors,
        int queued,
        boolean logAvailable) {
    public MetricSample {
        errors = Map.copyOf(errors);
    }
}
