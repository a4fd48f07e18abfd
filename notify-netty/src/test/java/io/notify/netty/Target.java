package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.notify.NotificationService;
import io.notify.netty.http.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * A server to be ill-treated. After each test it is as it was before: connections, sessions, deadlines and sockets are as
 * many, and a second client that got its echo before gets it still; after all of them no buffer has leaked.
 *
 * <p>Its times are short, so that what a test leaves behind is over soon.
 */
final class Target implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    static final int MAX_PAYLOAD = 100_000;
    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration SOON = Duration.ofMillis(5);

    private final UnaryOperator<NotificationService.Builder> service;
    private final UnaryOperator<NotifyServer.Builder> settings;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<RawClient> clients = new ArrayList<>();
    private TestServer server;
    private Bystander bystander;
    private ListAppender<ILoggingEvent> leaks;
    private int deadlines;
    private long sockets;

    Target(UnaryOperator<NotificationService.Builder> service, UnaryOperator<NotifyServer.Builder> settings) {
        this.service = service;
        this.settings = settings;
    }

    TestServer server() {
        return server;
    }

    // ---- clients, which are closed after the test
    // ------------------------------------------------------------------------

    RawClient client() throws IOException {
        RawClient client = new RawClient(server.server.port());
        clients.add(client);
        return client;
    }

    /** A Socket.IO client over WebSocket that has not signed in. */
    RawClient engine() throws IOException {
        RawClient client = client();
        assertThat(client.upgrade("/socket.io/?EIO=4&transport=websocket")).startsWith("HTTP/1.1 101 ");
        assertThat(client.readFrame()).startsWith("text:0{");
        return client;
    }

    /** A Socket.IO client over WebSocket that has signed in. */
    RawClient socketIo(String token) throws IOException {
        RawClient client = engine();
        client.text("40{\"token\":\"" + token + "\"}");
        assertThat(client.readFrame()).startsWith("text:40{");
        assertThat(client.readFrame()).startsWith("text:42[\"connected\"");
        return client;
    }

    RawClient plain(String token) throws IOException {
        RawClient client = client();
        assertThat(client.upgrade("/ws/notifications?token=" + token)).startsWith("HTTP/1.1 101 ");
        assertThat(client.readFrame()).contains("\"connected\"");
        return client;
    }

    /** Opens a polling session; the path to poll and push at. */
    String polling() throws IOException {
        return polling(client());
    }

    static String polling(RawClient client) throws IOException {
        String answer = client.get("/socket.io/?EIO=4&transport=polling").readAnswer();
        assertThat(answer).startsWith("200 0{");
        return "/socket.io/?EIO=4&transport=polling&sid=" + answer.split("\"")[3];
    }

    /** The code with which the server closes a WebSocket, whatever it says before. */
    static String closing(RawClient client) throws IOException {
        String frame = client.readFrame();
        while (!frame.startsWith("close:") && !frame.equals("end")) {
            frame = client.readFrame();
        }
        return frame;
    }

    // ---- before and after
    // ------------------------------------------------------------------------------------------------

    @Override
    public void beforeAll(ExtensionContext context) {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        leaks = new ListAppender<>();
        leaks.start();
        leakLog().addAppender(leaks);
        server = new TestServer(
                // no heartbeat comes between a question and its answer
                b -> service.apply(b.heartbeatInterval(Duration.ofHours(1))),
                b -> settings.apply(b.maxPayload(MAX_PAYLOAD)
                        .requestTimeout(REQUEST_TIMEOUT)
                        .keepAliveTimeout(REQUEST_TIMEOUT)
                        .connectTimeout(Duration.ofSeconds(2))
                        .ping(Duration.ofSeconds(2), Duration.ofSeconds(2))));
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        bystander = new Bystander(http, server);
        bystander.echo();
        deadlines = server.server.deadlines();
        sockets = sockets();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        clients.clear();
        bystander.echo();
        await().pollInterval(SOON).atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            assertThat(server.server.connections()).as("connections").isEqualTo(1);
            assertThat(server.server.socketIoSessions()).as("sessions").isZero();
            assertThat(server.service.presence().stats().connections()).isEqualTo(1);
            assertThat(server.server.deadlines()).as("deadlines").isEqualTo(deadlines);
            assertThat(sockets()).as("sockets of this process").isEqualTo(sockets);
        });
        bystander.close();
        await().pollInterval(SOON).until(() -> server.server.connections() == 0);
        assertThat(leaks.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.close();
        assertNoLeak();
        leakLog().detachAppender(leaks);
    }

    /** Once for all tests of a class: a collection for each of them would take most of their time. */
    private void assertNoLeak() {
        System.gc();
        // The detector looks at what was collected when the next buffer is made.
        for (int i = 0; i < 10; i++) {
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        assertThat(leaks.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }

    private static Logger leakLog() {
        return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    }

    /** Where the system tells; other files are opened as classes are loaded, so only sockets are counted. */
    private static long sockets() {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return -1;
        }
        try (Stream<Path> all = Files.list(descriptors)) {
            return all.filter(Target::isSocket).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /** The second client: an ordinary one that notices nothing. */
    private static final class Bystander implements WebSocket.Listener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();
        private final WebSocket socket;
        private int echoes;

        Bystander(HttpClient http, TestServer server) {
            socket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + server.server.port() + "/ws/notifications?token="
                                    + TestServer.token("bystander")),
                            this)
                    .join();
        }

        void echo() throws InterruptedException {
            String mark = "echo-" + ++echoes;
            socket.sendText("{\"event\":\"echo\",\"data\":\"" + mark + "\",\"ack\":1}", true)
                    .join();
            String next = heard.poll(5, TimeUnit.SECONDS);
            while (next != null && !next.contains(mark)) {
                next = heard.poll(5, TimeUnit.SECONDS);
            }
            assertThat(next).as("the second client's %s", mark).isNotNull();
        }

        void close() {
            socket.abort();
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                heard.add(partial.toString());
                partial.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
