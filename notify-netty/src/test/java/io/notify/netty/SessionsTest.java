package io.notify.netty;

import io.micrometer.core.instrument.MeterRegistry;
import io.notify.Archive;
import io.notify.CloseReason;
import io.notify.ConnectRequest;
import io.notify.Connection;
import io.notify.Gateway;
import io.notify.Identity;
import io.notify.Inbox;
import io.notify.Lane;
import io.notify.MetricSample;
import io.notify.Notification;
import io.notify.NotificationService;
import io.notify.PayloadSchemas;
import io.notify.Presence;
import io.notify.Preview;
import io.notify.Receipt;
import io.notify.Reply;
import io.notify.ServiceHealth;
import io.notify.Transport;
import io.notify.TransportSession;
import io.notify.TransportSessionContract;
import io.notify.netty.http.RawClient;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;

/** The contract of {@link TransportSession}, kept by each of the four transports. */
class SessionsTest {

    @Nested
    class SocketIoOverWebSocket extends TransportSessionContract {
        @Override
        protected Opened open() throws Exception {
            Rig rig = new Rig(Transport.WEBSOCKET);
            rig.client.upgrade("/socket.io/?EIO=4&transport=websocket");
            rig.client.readFrame();
            rig.client.text("40{\"token\":\"" + rig.token + "\"}");
            return rig.opened();
        }
    }

    @Nested
    class SocketIoOverPolling extends TransportSessionContract {
        @Override
        protected Opened open() throws Exception {
            Rig rig = new Rig(Transport.POLLING);
            String answer =
                    rig.client.get("/socket.io/?EIO=4&transport=polling").readAnswer();
            int from = answer.indexOf("\"sid\":\"") + 7;
            rig.sid = answer.substring(from, answer.indexOf('"', from));
            rig.client
                    .post(rig.polling(), "40{\"token\":\"" + rig.token + "\"}")
                    .readAnswer();
            return rig.opened();
        }
    }

    @Nested
    class PlainWebSocket extends TransportSessionContract {
        @Override
        protected Opened open() throws Exception {
            Rig rig = new Rig(Transport.PLAIN_WEBSOCKET);
            rig.client.upgrade("/ws/notifications?token=" + rig.token);
            return rig.opened();
        }
    }

    @Nested
    class ServerSentEvents extends TransportSessionContract {
        @Override
        protected Opened open() throws Exception {
            Rig rig = new Rig(Transport.SSE);
            rig.client.get("/notifications/sse?token=" + rig.token);
            return rig.opened();
        }
    }

    /** A server whose core is this test, and one client. */
    private static final class Rig implements TransportSessionContract.Opened {
        private final Transport transport;
        private final CoreStub core = new CoreStub();
        private final NotifyServer server;
        final RawClient client;
        final String token = "anybody";
        String sid = "";

        Rig(Transport transport) throws Exception {
            this.transport = transport;
            this.server = NotifyServer.builder(core)
                    .host("127.0.0.1")
                    .port(0)
                    .connectionLimits(1_000, 1_000, 1_000)
                    .ping(Duration.ofMinutes(1), Duration.ofMinutes(1))
                    .maxPendingBytes(128 * 1024)
                    .start();
            this.client = new RawClient(server.port());
        }

        String polling() {
            return "/socket.io/?EIO=4&transport=polling&sid=" + sid;
        }

        TransportSessionContract.Opened opened() throws Exception {
            core.session.get(10, TimeUnit.SECONDS);
            return this;
        }

        @Override
        public TransportSession session() {
            return core.session.join();
        }

        @Override
        public Lane lane() {
            return core.lane.join();
        }

        @Override
        public Transport transport() {
            return transport;
        }

        @Override
        public String readUntil(String text) throws Exception {
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf(text) < 0) {
                switch (transport) {
                    case WEBSOCKET, PLAIN_WEBSOCKET -> seen.append(client.readFrame());
                    case POLLING -> seen.append(client.get(polling()).readAnswer());
                    case SSE -> seen.append(readSome());
                }
            }
            return seen.toString();
        }

        private String readSome() throws Exception {
            byte[] bytes = new byte[4096];
            int read = client.socket().getInputStream().read(bytes);
            if (read < 0) {
                throw new SocketTimeoutException("the stream ended");
            }
            return new String(bytes, 0, read, StandardCharsets.UTF_8);
        }

        @Override
        public int timesClosed() {
            return core.closed.get();
        }

        /** A polling client has no connection to lose: it says that it goes. */
        @Override
        public void clientGoes() throws Exception {
            if (transport == Transport.POLLING) {
                try (RawClient last = new RawClient(server.port())) {
                    last.post(polling(), "1").readAnswer();
                }
            }
            client.reset();
        }

        @Override
        public void close() throws Exception {
            client.close();
            server.close();
            core.close();
        }
    }

    /** Hands out the session and counts the goodbyes. */
    private static final class CoreStub implements NotificationService, Gateway {
        private final CompletableFuture<TransportSession> session = new CompletableFuture<>();
        private final CompletableFuture<Lane> lane = new CompletableFuture<>();
        private final AtomicInteger closed = new AtomicInteger();
        private final NotificationService real = NotificationService.builder().build();

        @Override
        public Lane lane(Executor eventLoop) {
            Lane owner = real.gateway().lane(eventLoop);
            return new Lane() {
                @Override
                public void execute(Runnable task) {
                    owner.execute(task);
                }

                @Override
                public Connection open(ConnectRequest request, TransportSession opened) {
                    lane.complete(this);
                    session.complete(opened);
                    return connection(request);
                }

                @Override
                public void disconnectAll() {
                    owner.disconnectAll();
                }

                @Override
                public void disconnectPart(int parts) {
                    owner.disconnectPart(parts);
                }

                @Override
                public void close() {
                    owner.close();
                }
            };
        }

        @Override
        public CompletionStage<Identity> authenticate(String token) {
            return CompletableFuture.completedFuture(new Identity("u", java.util.Set.of(), null, null));
        }

        @Override
        public String sessionId(Identity identity, String recoveryId) {
            return "s";
        }

        @Override
        public String recoveryId(Identity identity, String sessionId) {
            return "r";
        }

        private Connection connection(ConnectRequest request) {
            return new Connection() {
                @Override
                public void receive(String event, com.fasterxml.jackson.databind.JsonNode data, Reply reply) {}

                @Override
                public void receiveMalformed(Reply reply) {}

                @Override
                public void transportChanged() {}

                @Override
                public void closed(CloseReason reason) {
                    closed.incrementAndGet();
                }

                @Override
                public Identity identity() {
                    return request.identity();
                }
            };
        }

        @Override
        public Gateway gateway() {
            return this;
        }

        @Override
        public Receipt send(Notification notification) {
            return real.send(notification);
        }

        @Override
        public Preview preview(Notification notification) {
            return real.preview(notification);
        }

        @Override
        public List<MetricSample> metricHistory() {
            return real.metricHistory();
        }

        @Override
        public CompletableFuture<Receipt> sendAsync(Notification notification) {
            return real.sendAsync(notification);
        }

        @Override
        public CompletableFuture<List<Receipt>> sendAllAsync(List<Notification> notifications) {
            return real.sendAllAsync(notifications);
        }

        @Override
        public Presence presence() {
            return real.presence();
        }

        @Override
        public Inbox inbox() {
            return real.inbox();
        }

        @Override
        public Archive archive() {
            return real.archive();
        }

        @Override
        public ServiceHealth health() {
            return real.health();
        }

        @Override
        public PayloadSchemas schemas() {
            return real.schemas();
        }

        @Override
        public MeterRegistry meters() {
            return real.meters();
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
