package io.notify;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one second of a service looked like on this node; from the same meters that a monitoring system reads.
 *
 * @param at its end
 * @param presence who was connected
 * @param sends notifications accepted a second
 * @param deliveries connections that took one a second, replays included
 * @param deliveryMillisP50 median of the time from a send to the sockets over the last minute, in milliseconds; null if
 *     nothing was delivered, or the host's MeterRegistry computes no percentiles
 * @param deliveryMillisP99 the 99th percentile of the same
 * @param errors what went wrong a second, by kind; kinds that did not occur are zero
 * @param queued notifications that waited for the log
 * @param logAvailable whether the log could be written
 */
public record Figures(
        Instant at,
        PresenceStats presence,
        double sends,
        double deliveries,
        @Nullable Double deliveryMillisP50,
        @Nullable Double deliveryMillisP99,
        Map<String, Double> errors,
        int queued,
        boolean logAvailable) {
    public Figures {
        errors = Map.copyOf(errors);
    }
}
