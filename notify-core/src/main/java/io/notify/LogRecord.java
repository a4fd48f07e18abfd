package io.notify;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of the log as a reader who may see it gets it.
 *
 * @param position its place
 * @param id its id
 * @param event its name
 * @param payload what the client receives, UTF-8 JSON; not to be changed
 * @param createdAt when it was sent
 * @param expiresAt when it ends, or null
 * @param readAt when this reader read it, or null
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record LogRecord(
        Position position,
        UUID id,
        String event,
        byte[] payload,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant readAt) {}
