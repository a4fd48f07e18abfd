package io.notify;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What {@code send} answers.
 *
 * @param id the notification's id, a UUIDv7 (RFC 9562); of the first send if this one was a duplicate
 * @param position its place in the log; null if it was volatile
 * @param duplicate whether the same sender had used the idempotency key before, with the same content
 * @param connections how many connections of this node it was handed to; 0 for a duplicate
 */
public record Receipt(UUID id, @Nullable Position position, boolean duplicate, int connections) {}
