package io.notify;

import java.time.Clock;
import java.util.Map;

/** {@code ping}: answers with the server's time. */
final class PingHandler implements ClientEventHandler {
    private final Clock clock;

    PingHandler(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void handle(ClientRequest request) {
        request.answer(Map.of("timestamp", Timestamps.write(clock.instant())));
    }
}
