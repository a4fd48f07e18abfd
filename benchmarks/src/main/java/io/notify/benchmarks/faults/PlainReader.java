package io.notify.benchmarks.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A client of the plain WebSocket, which resumes by {@code since=}. */
final class PlainReader extends SocketReader {
    PlainReader(Crowd crowd, int port, Inbox inbox) {
        super(crowd, port, inbox);
    }

    @Override
    URI uri(@Nullable String since) {
        String resume = since == null ? "" : "&since=" + since;
        return URI.create("ws://127.0.0.1:" + port() + "/ws/notifications?token=" + token() + resume);
    }

    @Override
    void frame(int number, String text, @Nullable String since, Frames reply) {
        JsonNode frame = Account.json(text);
        heard(
                number,
                frame.path("event").asText(),
                frame.path("data"),
                frame.path("position").asText());
    }
}
