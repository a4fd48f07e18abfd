package io.notify;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Publishes {@code notificationRead} to all connections of a user whose notifications were marked as read. Any thread. */
final class ReadNotices {
    private static final int BATCH = 256;

    private final Json json;
    private final Clock clock;
    private final Hub hub;
    private final MessageBus bus;

    ReadNotices(Json json, Clock clock, Hub hub, MessageBus bus) {
        this.json = json;
        this.clock = clock;
        this.hub = hub;
        this.bus = bus;
    }

    void publish(String userId, List<UUID> notificationIds, Instant readAt) {
        for (int from = 0; from < notificationIds.size(); from += BATCH) {
            List<UUID> batch = notificationIds.subList(from, Math.min(notificationIds.size(), from + BATCH));
            bus.publish(
                    batch.stream().map(id -> delivery(userId, body(id, readAt))).toList());
        }
    }

    /** Returns the event's argument, UTF-8 JSON. */
    byte[] body(UUID notificationId, Instant readAt) {
        return json.event(new Body(notificationId.toString(), Timestamps.write(readAt)));
    }

    private Delivery delivery(String userId, byte[] body) {
        OutboundEvent event =
                new OutboundEvent(ServerEvent.NOTIFICATION_READ.wireName(), body, null, hub.published(), true);
        return new Delivery(event, Audience.user(userId).key(), List.of(), clock.instant(), null);
    }

    private record Body(String notificationId, String readAt) {}
}
