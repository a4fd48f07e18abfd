package io.notify.benchmarks.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A client that speaks Socket.IO over a WebSocket, and recovers by {@code pid} and {@code offset} as the stock one does. */
final class SocketIoReader extends SocketReader {
    private static final String NAMESPACE = "/ws/notifications,";

    private volatile String pid = "";

    SocketIoReader(Crowd crowd, int port, Inbox inbox) {
        super(crowd, port, inbox);
    }

    @Override
    URI uri(@Nullable String since) {
        return URI.create("ws://127.0.0.1:" + port() + "/socket.io/?EIO=4&transport=websocket");
    }

    @Override
    void frame(int number, String text, @Nullable String since, Frames reply) {
        if (text.startsWith("0")) {
            String recovery = since == null ? "" : ",\"offset\":\"" + since + "\"";
            String session = since == null || pid.isEmpty() ? "" : ",\"pid\":\"" + pid + "\"";
            reply.send("40" + NAMESPACE + "{\"token\":\"" + token() + "\"" + session + recovery + "}");
        } else if (text.equals("2")) {
            reply.send("3");
        } else if (text.startsWith("40" + NAMESPACE)) {
            pid = Account.json(text.substring(2 + NAMESPACE.length()))
                    .path("pid")
                    .asText();
        } else if (text.startsWith("42" + NAMESPACE)) {
            JsonNode packet = Account.json(text.substring(2 + NAMESPACE.length()));
            heard(
                    number,
                    packet.path(0).asText(),
                    packet.path(1),
                    packet.path(packet.size() - 1).asText());
        }
    }
}
