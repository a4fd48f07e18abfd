package io.notify;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A notification on its way to whoever is connected, on every node.
 *
 * @param event what they receive
 * @param audience the {@link Audience#key()}
 * @param recipients the users, if the audience is a list; else empty
 * @param createdAt when it was sent
 * @param expiresAt when it is no longer delivered; null means never
 */
public record Delivery(
        OutboundEvent event,
        String audience,
        List<String> recipients,
        Instant createdAt,
        @Nullable Instant expiresAt) {

    /** The same delivery, its event at another position. */
    Delivery at(Position position) {
        return new Delivery(event.at(position), audience, recipients, createdAt, expiresAt);
    }
}
