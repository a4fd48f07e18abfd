package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** A whole service with one lane, whose clients are recorded. A token is the user's name, then roles, between slashes. */
final class TestNode implements AutoCloseable {
    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    final TestClock clock = new TestClock();
    final NotificationService service;
    private final NotificationLog log;
    final Lane lane;

    TestNode(UnaryOperator<NotificationService.Builder> more) {
        NotificationService.Builder builder =
                more.apply(NotificationService.builder().clock(clock).authenticator(this::authenticate));
        this.log = builder.log;
        this.service = builder.build();
        this.lane = service.gateway().lane(loop);
    }

    TestNode() {
        this(b -> b);
    }

    private CompletableFuture<Identity> authenticate(String token) {
        String[] parts = token.split("/");
        if (parts[0].equals("bad")) {
            return CompletableFuture.failedFuture(new AuthenticationException("bad token"));
        }
        Set<String> roles = parts.length > 1 ? Set.of(parts[1]) : Set.of();
        Instant expiresAt = parts.length > 2 ? clock.instant().plusSeconds(Long.parseLong(parts[2])) : null;
        return CompletableFuture.completedFuture(new Identity(parts[0], roles, null, expiresAt));
    }

    NotificationLog log() {
        return log;
    }

    Peer connect(String token) {
        return connect(token, new RecordingSession(), null, null);
    }

    Peer resume(String token, String cursor) {
        return connect(token, new RecordingSession(), cursor, null);
    }

    Peer connect(String token, RecordingSession session, String cursor, String recoveryId) {
        Gateway gateway = service.gateway();
        Identity identity = gateway.authenticate(token).toCompletableFuture().join();
        return open(identity, gateway.sessionId(identity, recoveryId), session, cursor);
    }

    /** As a user whose token names the session. */
    Peer connectInSession(String token, String sessionId, String cursor) {
        Identity identity =
                service.gateway().authenticate(token).toCompletableFuture().join();
        return open(identity, sessionId, new RecordingSession(), cursor);
    }

    private Peer open(Identity identity, String sessionId, RecordingSession session, String cursor) {
        return onLane(() -> {
            Connection connection = lane.open(new ConnectRequest(identity, sessionId, cursor), session);
            session.connection(connection);
            return new Peer(session, connection, sessionId);
        });
    }

    <T> T onLane(java.util.function.Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, loop).join();
    }

    /** Waits until everything handed to the lane so far has run. */
    void settle() {
        onLane(() -> null);
    }

    @Override
    public void close() {
        service.close();
        loop.shutdownNow();
    }

    /** One connected client. */
    final class Peer {
        final RecordingSession session;
        final Connection connection;
        final String sessionId;

        Peer(RecordingSession session, Connection connection, String sessionId) {
            this.session = session;
            this.connection = connection;
            this.sessionId = sessionId;
        }

        /** Sends an event and returns the answers that came through its reply. */
        Answers emit(String event, Object data) {
            ObjectMapper mapper = new ObjectMapper();
            Answers answers = new Answers();
            onLane(() -> {
                connection.receive(event, mapper.valueToTree(data), answers);
                return null;
            });
            return answers;
        }

        /** Sends what is no event. */
        Answers malformed() {
            Answers answers = new Answers();
            onLane(() -> {
                connection.receiveMalformed(answers);
                return null;
            });
            return answers;
        }

        void leave() {
            onLane(() -> {
                connection.closed();
                return null;
            });
        }

        /** The numbers of the rows it was shown, in the order they came. */
        List<Long> numbers() {
            return session.notifications().stream()
                    .map(event -> event.position().seq())
                    .toList();
        }

        JsonNode connected() {
            return session.last("connected");
        }
    }

    /** What a reply was given. */
    static final class Answers implements Reply {
        final List<OutboundEvent> events = new CopyOnWriteArrayList<>();
        final List<String> acknowledgements = new CopyOnWriteArrayList<>();

        @Override
        public void event(OutboundEvent answer) {
            events.add(answer);
        }

        @Override
        public void acknowledge(byte[] json) {
            acknowledgements.add(new String(json, StandardCharsets.UTF_8));
        }

        String name() {
            return events.get(0).name();
        }

        JsonNode data() {
            return RecordingSession.json(events.get(0));
        }

        JsonNode acknowledgement() {
            try {
                return new ObjectMapper().readTree(acknowledgements.get(0));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
