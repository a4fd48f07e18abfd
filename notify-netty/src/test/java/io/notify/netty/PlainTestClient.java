package io.notify.netty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.notify.netty.http.RawClient;
import java.io.IOException;

/** A client of the bare WebSocket, as {@code wscat}. */
final class PlainTestClient extends TestClient {
    private final RawClient socket;

    PlainTestClient(int port, String path, Entry entry) throws IOException {
        socket = new RawClient(port);
        socket.socket().setSoTimeout(0);
        socket.send("GET " + entry.target(path, "x=y") + " HTTP/1.1\r\nHost: localhost\r\n" + entry.headerLines()
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n");
        String status = socket.readHead().split(" ", 3)[1];
        if (!status.equals("101")) {
            socket.close();
            throw new Refused(status);
        }
        readBy(this::readFrames);
    }

    private void readFrames() throws IOException {
        while (true) {
            String frame = socket.readFrame();
            if (frame.startsWith("ping:")) {
                synchronized (socket) {
                    socket.frame(0x8a, new byte[0]);
                }
                continue;
            }
            if (!frame.startsWith("text:")) {
                return;
            }
            JsonNode tree = JSON.readTree(frame.substring("text:".length()));
            if (tree.has("ack")) {
                acknowledged(tree.path("ack").intValue(), tree.path("data"));
            }
            if (tree.has("position")) {
                if (tree.has("id") && !tree.path("id").equals(tree.path("data").path("id"))) {
                    throw new AssertionError("id of the frame and of the notification differ: " + tree);
                }
                heard(
                        tree.path("event").textValue(),
                        tree.path("data"),
                        tree.path("position").textValue());
            }
        }
    }

    @Override
    void write(String event, Object data, int ack) throws IOException {
        ObjectNode frame = JSON.createObjectNode().put("event", event);
        if (data != null) {
            frame.set("data", JSON.valueToTree(data));
        }
        if (ack >= 0) {
            frame.put("ack", ack);
        }
        send(frame.toString());
    }

    /** Sends a text frame as it is. */
    void send(String text) {
        synchronized (socket) {
            if (!hasEnded()) {
                try {
                    socket.text(text);
                } catch (IOException e) {
                    // gone: what reads will notice
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // gone already
        }
    }
}
