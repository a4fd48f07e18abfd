package io.notify;

import java.util.Map;

/** {@code resume}: replays the log from the client's cursor, then acknowledges with the position reached. */
final class ResumeHandler implements ClientEventHandler {
    private final Replay replay;

    ResumeHandler(Replay replay) {
        this.replay = replay;
    }

    @Override
    public void handle(ClientRequest request) {
        LiveConnection connection = request.connection();
        Position cursor = EventPayload.position(request.data());
        replay.resume(
                connection,
                cursor,
                () -> request.acknowledge(
                        Map.of("position", connection.position().toString())));
    }
}
