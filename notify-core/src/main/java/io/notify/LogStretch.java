package io.notify;

import java.util.List;

/**
 * Every row of a stretch of the log, whoever may see it, as nodes hand them to their connections.
 *
 * @param head the end of the whole log when it was read
 * @param deliveries in ascending order, all of the head's epoch
 * @param through everything up to this number that still exists is among them
 */
public record LogStretch(Position head, List<Delivery> deliveries, long through) {
    public LogStretch {
        deliveries = List.copyOf(deliveries);
    }
}
