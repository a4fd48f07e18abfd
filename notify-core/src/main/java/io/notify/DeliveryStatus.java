package io.notify;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a stored row after its commit, to be written back.
 *
 * @param position the row
 * @param deliveredAt when the first connection took it; null if none did
 * @param connections how many connections took it
 * @param error why one could not; null if all did
 */
public record DeliveryStatus(
        Position position,
        @Nullable Instant deliveredAt,
        int connections,
        @Nullable String error) {}
