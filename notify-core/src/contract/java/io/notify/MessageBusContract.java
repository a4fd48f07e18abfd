package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link MessageBus} does. An implementation's test extends this class and says how to make one. */
public abstract class MessageBusContract {
    private static final Instant T0 = Instant.parse("2026-11-24T10:00:00.123Z");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<MessageBus> opened = new ArrayList<>();
    private final List<Delivery> received = new CopyOnWriteArrayList<>();
    private MessageBus bus;

    /** The bus of a node; its network, if it has one, is this test's alone. The contract closes it. */
    protected abstract MessageBus create() throws Exception;

    /**
     * The bus of another node of the same network, with nothing subscribed yet; empty if there is but one node. The
     * contract closes it.
     */
    protected abstract Optional<MessageBus> another() throws Exception;

    @BeforeEach
    void openBus() throws Exception {
        bus = create();
        opened.add(bus);
    }

    @AfterEach
    void closeBuses() {
        opened.forEach(MessageBus::close);
    }

    // ---- this node ----

    @Test
    void thisNodeHasReceivedWhenPublishReturns() {
        bus.subscribe(received::addAll);

        bus.publish(List.of(delivery(1)));

        assertThat(names(received)).containsExactly("event-1");
    }

    @Test
    void deliveriesComeInTheOrderTheyWerePublishedInEachOnce() {
        bus.subscribe(received::addAll);

        bus.publish(List.of(delivery(1), delivery(2), delivery(3)));
        bus.publish(List.of(delivery(4)));
        bus.publish(List.of(delivery(5), delivery(6)));

        assertThat(names(received)).containsExactly("event-1", "event-2", "event-3", "event-4", "event-5", "event-6");
    }

    @Test
    void everyPartOfADeliveryArrives() {
        bus.subscribe(received::addAll);
        List<Delivery> sent = samples();

        bus.publish(sent);

        assertThat(received).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertSame(received.get(i), sent.get(i));
        }
    }

    @Test
    void anEmptyBatchIsNothing() {
        bus.subscribe(received::addAll);

        bus.publish(List.of());

        assertThat(received).isEmpty();
    }

    @Test
    void publishingFromManyThreadsLosesNothing() throws Exception {
        bus.subscribe(received::addAll);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> publishers = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(t -> threads.submit(() -> {
                        for (int i = 0; i < 50; i++) {
                            bus.publish(List.of(delivery(t * 50 + i)));
                        }
                    }))
                    .toList();
            for (Future<?> publisher : publishers) {
                publisher.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(names(received))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 200).mapToObj(i -> "event-" + i).toList());
        // each thread's own are in order
        for (int t = 0; t < 4; t++) {
            int from = t * 50;
            assertThat(received.stream().map(d -> seq(d)).filter(s -> s >= from && s < from + 50))
                    .isSorted();
        }
    }

    // ---- without anybody ----

    @Test
    void publishingWithNobodySubscribedIsNoError() {
        assertThatCode(() -> bus.publish(List.of(delivery(1)))).doesNotThrowAnyException();
    }

    @Test
    void publishingAfterCloseIsNoErrorAndReachesNobody() {
        bus.subscribe(received::addAll);
        bus.close();

        assertThatCode(() -> bus.publish(List.of(delivery(1)))).doesNotThrowAnyException();
        assertThat(received).isEmpty();
    }

    @Test
    void closingTwiceIsNoError() {
        bus.close();

        assertThatCode(bus::close).doesNotThrowAnyException();
    }

    // ---- other nodes ----

    @Test
    void otherNodesReceiveTheSame() throws Exception {
        Optional<MessageBus> other = another();
        if (other.isEmpty()) {
            return;
        }
        opened.add(other.get());
        List<Delivery> there = new CopyOnWriteArrayList<>();
        bus.subscribe(received::addAll);
        other.get().subscribe(there::addAll);
        untilConnected(there);

        List<Delivery> sent = samples();
        bus.publish(sent);

        await().atMost(PATIENCE).until(() -> positions(there).containsAll(positions(sent)));
        for (Delivery one : sent) {
            assertSame(
                    there.stream()
                            .filter(d -> position(d).equals(position(one)))
                            .findFirst()
                            .orElseThrow(),
                    one);
        }
    }

    @Test
    void aNodeThatClosedReceivesNothingMore() throws Exception {
        Optional<MessageBus> other = another();
        if (other.isEmpty()) {
            return;
        }
        opened.add(other.get());
        List<Delivery> there = new CopyOnWriteArrayList<>();
        bus.subscribe(received::addAll);
        other.get().subscribe(there::addAll);
        untilConnected(there);

        other.get().close();
        int before = there.size();
        bus.publish(List.of(delivery(7)));

        assertThat(names(received)).contains("event-7");
        assertThat(there).hasSize(before);
    }

    /** A bus may drop; so this publishes until the other node has heard of it, which shows that it listens. */
    private void untilConnected(List<Delivery> there) {
        await().atMost(PATIENCE).until(() -> {
            bus.publish(List.of(delivery(0)));
            return !there.isEmpty();
        });
    }

    // ---- tools ----

    private static List<Delivery> samples() {
        return List.of(
                delivery(1),
                new Delivery(
                        new OutboundEvent(
                                "größe 😀",
                                json("{\"s\":\"\\u0000 \\n ß 中 😀\",\"n\":1.50}"),
                                UUID.fromString("0190a5b0-7c1d-7000-8000-0123456789ab"),
                                new Position("epoch2", Long.MAX_VALUE / 16),
                                true),
                        "room:job:7\u2713",
                        List.of(),
                        T0,
                        T0.plusMillis(1)),
                new Delivery(
                        event(3, json("{\"pad\":\"" + "x".repeat(200_000) + "\"}"), null),
                        "users",
                        IntStream.range(0, 1_000).mapToObj(i -> "user-" + i).toList(),
                        T0.minus(Duration.ofDays(400)),
                        null));
    }

    private static Delivery delivery(int seq) {
        return new Delivery(event(seq, json("{}"), new UUID(7, seq)), "everyone", List.of(), T0, null);
    }

    private static OutboundEvent event(int seq, byte[] data, @Nullable UUID id) {
        return new OutboundEvent("event-" + seq, data, id, new Position("epoch", seq), false);
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertSame(Delivery actual, Delivery expected) {
        assertThat(actual.audience()).isEqualTo(expected.audience());
        assertThat(actual.recipients()).isEqualTo(expected.recipients());
        assertThat(actual.createdAt()).isEqualTo(expected.createdAt());
        assertThat(actual.expiresAt()).isEqualTo(expected.expiresAt());
        OutboundEvent event = actual.event();
        assertThat(event.name()).isEqualTo(expected.event().name());
        assertThat(event.data()).isEqualTo(expected.event().data());
        assertThat(event.id()).isEqualTo(expected.event().id());
        assertThat(event.position()).isEqualTo(expected.event().position());
        assertThat(event.volatileDelivery()).isEqualTo(expected.event().volatileDelivery());
    }

    private static List<String> names(List<Delivery> deliveries) {
        return deliveries.stream().map(d -> d.event().name()).toList();
    }

    private static List<Position> positions(List<Delivery> deliveries) {
        return deliveries.stream().map(MessageBusContract::position).toList();
    }

    private static Position position(Delivery delivery) {
        return delivery.event().position();
    }

    private static long seq(Delivery delivery) {
        return position(delivery).seq();
    }
}
