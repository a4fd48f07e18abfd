package io.notify;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of the log as an operator sees it.
 *
 * @param id the notification
 * @param position its place
 * @param userId whose, or {@link LogEntry#EVERY_USER}
 * @param audience the {@link Audience#key()}
 * @param event its name
 * @param payload what clients receive, UTF-8 JSON; not to be changed
 * @param delivered whether at least one connection took it
 * @param deliveredAt when the first one did, or null
 * @param error why it could not be delivered, or null
 * @param readAt when it was first read, or null
 * @param createdAt when it was sent
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record LogRow(
        UUID id,
        Position position,
        String userId,
        String audience,
        String event,
        byte[] payload,
        boolean delivered,
        @Nullable Instant deliveredAt,
        @Nullable String error,
        @Nullable Instant readAt,
        Instant createdAt) {}
