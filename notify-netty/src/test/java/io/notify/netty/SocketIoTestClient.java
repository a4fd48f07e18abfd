package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.notify.netty.http.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A client of Engine.IO 4 and Socket.IO 5. Of every packet it checks the namespace, and of every event that it ends with the
 * position and nothing else: that is the stock client's recovery offset.
 */
final class SocketIoTestClient extends TestClient {
    private static final String POSITION = "[a-z0-9]+-\\d+";

    private final int port;
    private final String path;
    private final String namespace;
    private final Entry entry;
    private final Object writing = new Object();
    private RawClient webSocket; // guarded by writing
    private RawClient pushes; // guarded by writing
    private volatile RawClient reads;
    private volatile boolean upgrading;
    private volatile String engineId;
    private volatile JsonNode accepted;
    private volatile boolean joinsOther;
    /** What came in the other namespace, once it was asked for. */
    private final List<String> others = new CopyOnWriteArrayList<>();

    private SocketIoTestClient(int port, String path, String namespace, Entry entry) {
        this.port = port;
        this.path = path;
        this.namespace = namespace;
        this.entry = entry;
    }

    static SocketIoTestClient byWebSocket(int port, String path, String namespace, Entry entry) throws IOException {
        SocketIoTestClient client = new SocketIoTestClient(port, path, namespace, entry);
        client.openWebSocket("");
        String open = client.reads.readFrame();
        assertThat(open).startsWith("text:0{");
        client.engineId =
                JSON.readTree(open.substring("text:0".length())).path("sid").textValue();
        client.send(client.connect());
        client.readBy(client::readFrames);
        return client;
    }

    static SocketIoTestClient byPolling(int port, String path, String namespace, Entry entry) throws IOException {
        SocketIoTestClient client = new SocketIoTestClient(port, path, namespace, entry);
        client.reads = new RawClient(port);
        client.reads.socket().setSoTimeout(0);
        String open = client.request(client.reads, "GET", entry.target(path, "EIO=4&transport=polling"), "");
        assertThat(open).startsWith("200 0{");
        client.engineId =
                JSON.readTree(open.substring("200 0".length())).path("sid").textValue();
        client.pushes = new RawClient(port);
        client.send(client.connect());
        client.readBy(client::readPolls);
        return client;
    }

    /** Polls until it is connected, then goes over to a WebSocket. */
    static SocketIoTestClient upgraded(int port, String path, String namespace, Entry entry) throws IOException {
        SocketIoTestClient client = new SocketIoTestClient(port, path, namespace, entry);
        client.reads = new RawClient(port);
        client.reads.socket().setSoTimeout(0);
        String open = client.request(client.reads, "GET", entry.target(path, "EIO=4&transport=polling"), "");
        client.engineId =
                JSON.readTree(open.substring("200 0".length())).path("sid").textValue();
        client.pushes = new RawClient(port);
        client.send(client.connect());
        client.upgrading = true;
        client.readBy(() -> {
            client.readPolls();
            client.finishUpgrade();
            client.readFrames();
        });
        return client;
    }

    private String connect() throws IOException {
        return packet('0', entry.auth().isEmpty() ? "" : JSON.writeValueAsString(entry.auth()));
    }

    String engineId() {
        return engineId;
    }

    @Override
    String recoveryId() {
        return accepted.path("pid").textValue();
    }

    /** Its {@code socket.id}. */
    String socketId() {
        return accepted.path("sid").textValue();
    }

    /** Connects to another namespace too; what it was answered. */
    String joinOther(String other, String token) throws IOException {
        others.clear();
        joinsOther = true;
        send("40" + other + ",{\"token\":\"" + token + "\"}");
        await().until(() -> !others.isEmpty());
        return others.get(0);
    }

    /** One poll by another connection, with other headers; its status and body. */
    String poll(String headerLines) throws IOException {
        try (RawClient other = new RawClient(port)) {
            return other.send("GET " + pollTarget() + " HTTP/1.1\r\nHost: localhost\r\n" + headerLines + "\r\n")
                    .readAnswer();
        }
    }

    /** A push by another connection, with other headers; its status and body. */
    String push(String headerLines, String body) throws IOException {
        try (RawClient other = new RawClient(port)) {
            return other.send("POST " + pollTarget() + " HTTP/1.1\r\nHost: localhost\r\n" + headerLines
                            + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                    .readAnswer();
        }
    }

    // ---- out
    // ------------------------------------------------------------------------------------------------------------

    @Override
    void write(String event, Object data, int ack) throws IOException {
        ArrayNode arguments = JSON.createArrayNode().add(event);
        if (data != null) {
            arguments.add(JSON.<JsonNode>valueToTree(data));
        }
        send(packet('2', (ack < 0 ? "" : ack) + arguments.toString()));
    }

    /** Sends an Engine.IO packet as it is. */
    void send(String packet) throws IOException {
        synchronized (writing) {
            if (hasEnded()) {
                return;
            }
            try {
                if (webSocket != null) {
                    webSocket.text(packet);
                } else {
                    // an answer of 400 says that the session is gone, which the poll will say as well
                    String answer = request(pushes, "POST", pollTarget(), packet);
                    assertThat(answer).matches("(?s)(200 ok|400 .*|)");
                }
            } catch (IOException e) {
                // gone: what reads will notice
            }
        }
    }

    private String packet(char type, String rest) {
        return "4" + type + (namespace.equals("/") ? "" : namespace + ",") + rest;
    }

    private String pollTarget() {
        return entry.target(path, "EIO=4&transport=polling&sid=" + engineId);
    }

    private String request(RawClient on, String method, String target, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String length = method.equals("POST") ? "Content-Length: " + bytes.length + "\r\n" : "";
        on.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + entry.headerLines() + length + "\r\n");
        return on.send(bytes).readAnswer();
    }

    private void openWebSocket(String sid) throws IOException {
        RawClient socket = new RawClient(port);
        socket.socket().setSoTimeout(0);
        socket.send("GET " + entry.target(path, "EIO=4&transport=websocket" + sid) + " HTTP/1.1\r\nHost: localhost\r\n"
                + entry.headerLines() + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n");
        assertThat(socket.readHead()).startsWith("HTTP/1.1 101 ");
        synchronized (writing) {
            webSocket = socket;
        }
        reads = socket;
    }

    /** The poll that saw the client let in has ended, and there is no next one: nothing is under way but the probe. */
    private void finishUpgrade() throws IOException {
        if (accepted == null) {
            return;
        }
        synchronized (writing) {
            RawClient polls = reads;
            openWebSocket("&sid=" + engineId);
            webSocket.text("2probe");
            String answer = webSocket.readFrame();
            assertThat(answer).isEqualTo("text:3probe");
            webSocket.text("5");
            polls.close();
            pushes.close();
        }
    }

    // ---- in
    // -------------------------------------------------------------------------------------------------------------

    private void readFrames() throws IOException {
        while (true) {
            String frame = reads.readFrame();
            if (!frame.startsWith("text:")) {
                return;
            }
            read(frame.substring("text:".length()));
        }
    }

    private void readPolls() throws IOException {
        while (!(upgrading && accepted != null)) {
            String answer = request(reads, "GET", pollTarget(), "");
            if (!answer.startsWith("200 ")) {
                return;
            }
            for (String packet : answer.substring("200 ".length()).split("\u001e", -1)) {
                read(packet);
            }
        }
    }

    private void read(String packet) throws IOException {
        switch (packet.charAt(0)) {
            case '1' -> throw new IOException("closed by the server");
            case '2' -> send("3");
            case '4' -> {
                if (namespace.equals("/") && packet.startsWith("/", 2) && joinsOther) {
                    others.add(packet);
                } else {
                    message(packet.charAt(1), body(packet));
                }
            }
            case '6' -> {
                // a poll released
            }
            default -> throw new AssertionError("unexpected packet " + packet);
        }
    }

    private String body(String packet) {
        String rest = packet.substring(2);
        if (namespace.equals("/")) {
            assertThat(rest).as("the client's own namespace").doesNotStartWith("/");
            return rest;
        }
        assertThat(rest).as("the client's own namespace").startsWith(namespace);
        return rest.substring(Math.min(rest.length(), namespace.length() + 1));
    }

    private void message(char type, String body) throws IOException {
        switch (type) {
            case '0' -> accepted = JSON.readTree(body);
            case '1' -> throw new IOException("put out of the namespace");
            case '2' -> {
                JsonNode arguments = JSON.readTree(body);
                assertThat(arguments).as("name, data, position").hasSize(3);
                assertThat(arguments.get(2).textValue()).matches(POSITION);
                heard(
                        arguments.get(0).textValue(),
                        arguments.get(1),
                        arguments.get(2).textValue());
            }
            case '3' -> {
                int at = body.indexOf('[');
                JsonNode arguments = JSON.readTree(body.substring(at));
                assertThat(arguments).as("one argument").hasSize(1);
                acknowledged(Integer.parseInt(body.substring(0, at)), arguments.get(0));
            }
            case '4' -> {
                JsonNode error = JSON.readTree(body);
                assertThat(error.path("message").textValue()).isNotBlank();
                refused(error.path("data").path("code").asText("no code"));
            }
            default -> throw new AssertionError("unexpected type " + type);
        }
    }

    @Override
    public void close() {
        try {
            reads.close();
            synchronized (writing) {
                if (pushes != null) {
                    pushes.close();
                    // a polling client has no connection to lose: it says that it goes
                    try (RawClient last = new RawClient(port)) {
                        last.post(pollTarget(), "1").readAnswer();
                    }
                }
            }
        } catch (IOException e) {
            // the server is gone already
        }
    }
}
