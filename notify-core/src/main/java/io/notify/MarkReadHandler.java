package io.notify;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** {@code markNotificationRead}: marks one of the user's notifications as read and tells all of the user's connections. */
final class MarkReadHandler implements ClientEventHandler {
    private final NotificationLog log;
    private final Clock clock;
    private final ReaderTasks tasks;
    private final ReadNotices notices;

    MarkReadHandler(NotificationLog log, Clock clock, ReaderTasks tasks, ReadNotices notices) {
        this.log = log;
        this.clock = clock;
        this.tasks = tasks;
        this.notices = notices;
    }

    @Override
    public void handle(ClientRequest request) {
        UUID id = notificationId(request);
        LogReader reader = request.connection().reader();
        tasks.submit(request, () -> {
            Instant readAt = log.markRead(reader, id, clock.instant())
                    .orElseThrow(() -> new EventRefusedException(ErrorCode.NOT_FOUND, "no such notification"));
            byte[] body = notices.body(id, readAt);
            notices.publish(reader.userId(), List.of(id), readAt);
            return () -> request.acknowledge(body);
        });
    }

    private static UUID notificationId(ClientRequest request) {
        try {
            return UUID.fromString(EventPayload.text(request.data(), "notificationId"));
        } catch (IllegalArgumentException e) {
            throw EventPayload.invalid("notificationId: expected a UUID");
        }
    }
}
