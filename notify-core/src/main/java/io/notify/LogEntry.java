package io.notify;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One notification on its way into the log.
 *
 * @param id a UUIDv7
 * @param userId whose row it is, or {@link #EVERY_USER} if its audience is wider than one user
 * @param audience the {@link Audience#key()}; of one user's row it is that of the user
 * @param recipients the users of an audience that is a list ({@code users}, {@code nearby}); else empty
 * @param event its name
 * @param payload what the client receives, UTF-8 JSON of at most {@link #MAX_PAYLOAD} bytes, else the log rejects it; not
 *     to be changed
 * @param createdAt when it was sent, whole milliseconds
 * @param expiresAt when it is no longer worth delivering; null means never
 * @param idempotency what makes a repeated send a duplicate; null if it cannot be one
 * @param collapseKey what replaces what; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record LogEntry(
        UUID id,
        String userId,
        String audience,
        List<String> recipients,
        String event,
        byte[] payload,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Idempotency idempotency,
        @Nullable String collapseKey) {

    /** The {@code user_id} of a row that is not one user's. */
    public static final String EVERY_USER = "*";

    private static final String USER_AUDIENCE = "user:";

    /** The longest payload that a log stores, in bytes: 1 MiB. */
    public static final int MAX_PAYLOAD = 1 << 20;

    public LogEntry {
        recipients = List.copyOf(recipients);
        if (!userId.equals(EVERY_USER) && !audience.equals(USER_AUDIENCE + userId)) {
            throw new IllegalArgumentException(
                    "audience: " + audience + " (expected: " + USER_AUDIENCE + userId + ", the row being this user's)");
        }
    }

    /** What connections receive of it once it stands at a position. */
    Delivery delivery(Position position) {
        return delivery(position, Tracing.Sent.NONE);
    }

    Delivery delivery(Position position, Tracing.Sent sent) {
        return new Delivery(
                new OutboundEvent(event, payload, id, position, false, sent),
                audience,
                recipients,
                createdAt,
                expiresAt);
    }

    /**
     * Recognises a repeated send within 24 hours, measured between the entries' {@code createdAt}.
     *
     * @param sender whose key it is; keys of different senders never meet
     * @param key 1 to 255 characters
     * @param digest of the content, 64 hexadecimal digits; another digest under the same key is a conflict
     */
    public record Idempotency(String sender, String key, String digest) {}
}
