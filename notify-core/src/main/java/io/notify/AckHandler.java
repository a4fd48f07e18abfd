package io.notify;

import java.time.Clock;
import java.util.Map;

/** {@code ack}: records that the client has everything up to a position. */
final class AckHandler implements ClientEventHandler {
    private final NotificationLog log;
    private final Epochs epochs;
    private final Clock clock;
    private final ReaderTasks tasks;

    AckHandler(NotificationLog log, Epochs epochs, Clock clock, ReaderTasks tasks) {
        this.log = log;
        this.epochs = epochs;
        this.clock = clock;
        this.tasks = tasks;
    }

    @Override
    public void handle(ClientRequest request) {
        Position position = EventPayload.position(request.data());
        String userId = request.connection().identity().userId();
        tasks.submit(request, () -> {
            // the log's own head: a sender may have a receipt before this node has published the row
            if (epochs.present(position, log.head()).isEmpty()) {
                throw EventPayload.invalid("position: beyond the end of the log");
            }
            log.acknowledge(userId, position.seq(), clock.instant());
            return () -> request.acknowledge(Map.of("position", position.toString()));
        });
    }
}
