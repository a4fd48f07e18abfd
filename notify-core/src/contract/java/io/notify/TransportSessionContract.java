package io.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every transport's {@link TransportSession} keeps to, tried on a real connection. */
@Timeout(30)
public abstract class TransportSessionContract {
    private static final Position POSITION = new Position("e", 1);
    private static final int TOO_MANY = 100_000;

    /** A session with a real client at its other end. */
    public interface Opened {
        TransportSession session();

        /** Where the session's methods are called. */
        Lane lane();

        Transport transport();

        /** What the client has been sent since it was asked last, until the text has come. */
        String readUntil(String text) throws Exception;

        /** How often the core was told that the connection is closed. */
        int timesClosed();

        /** The client goes, in the rudest way that its transport can notice at once. */
        void clientGoes() throws Exception;

        /** Ends both. */
        void close() throws Exception;
    }

    private Opened opened;

    /** Connects a client, which reads nothing unless it is told to. */
    protected abstract Opened open() throws Exception;

    @BeforeEach
    void connect() throws Exception {
        opened = open();
    }

    @AfterEach
    void disconnect() throws Exception {
        opened.close();
    }

    private static OutboundEvent event(String name, String json, boolean isVolatile) {
        return new OutboundEvent(name, json.getBytes(StandardCharsets.UTF_8), null, POSITION, isVolatile);
    }

    private <T> T onLane(Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        opened.lane().execute(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result.join();
    }

    private boolean offer(OutboundEvent event) {
        return onLane(() -> opened.session().offer(event));
    }

    private void flush() {
        onLane(() -> {
            opened.session().flush();
            return null;
        });
    }

    @Test
    void aSessionNamesItselfAndItsTransport() {
        assertThat(opened.session().id()).isNotBlank();
        assertThat(opened.session().transport()).isEqualTo(opened.transport());
    }

    @Test
    void whatIsOfferedArrivesInOrderOnceItIsFlushed() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(offer(event("n", "{\"i\":" + i + "}", false))).isTrue();
        }
        flush();

        String seen = opened.readUntil("{\"i\":19}");
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            places.add(seen.indexOf("{\"i\":" + i + "}"));
        }
        assertThat(places).doesNotContain(-1).isSorted();
    }

    @Test
    void anEventBeyondTheBoundClosesTheSessionAndAVolatileOneIsOnlyDropped() {
        String large = "{\"x\":\"" + "y".repeat(8_000) + "\"}";
        int taken = 0;
        while (taken < TOO_MANY && offer(event("v", large, true))) {
            taken++;
        }
        flush();
        assertThat(taken).isBetween(1, TOO_MANY - 1);
        assertThat(opened.timesClosed()).isZero();

        int more = 0;
        while (more < TOO_MANY && offer(event("n", large, false))) {
            more++;
            flush();
        }
        assertThat(more).isLessThan(TOO_MANY);
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(opened.timesClosed()).isEqualTo(1));
    }

    @Test
    void closingTwiceTellsTheCoreOnceAndNothingIsTakenAfter() {
        opened.session().close(CloseReason.DISCONNECTED);
        opened.session().close(CloseReason.SHUTDOWN);

        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(opened.timesClosed()).isEqualTo(1));
        assertThat(offer(event("n", "{}", false))).isFalse();
        assertThat(offer(event("n", "{}", true))).isFalse();
        flush();
        assertThat(opened.timesClosed()).isEqualTo(1);
    }

    @Test
    void aClientThatIsGoneIsToldToTheCoreAndOffersDoNotThrow() throws Exception {
        opened.clientGoes();

        for (int i = 0; i < 100; i++) {
            offer(event("n", "{}", false));
            flush();
        }
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(opened.timesClosed()).isEqualTo(1));
    }
}
