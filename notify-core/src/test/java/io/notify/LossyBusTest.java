package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.notify.TestNode.Peer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LossyBusTest {
    /** What one node publishes reaches the other late, twice or never. */
    private static final class Lossy implements MessageBus {
        private final Random random;
        private final Deque<List<Delivery>> late = new ArrayDeque<>(); // guarded by this
        private volatile Consumer<List<Delivery>> own = deliveries -> {};
        private volatile Lossy other;

        Lossy(long seed) {
            this.random = new Random(seed);
        }

        @Override
        public void subscribe(Consumer<List<Delivery>> receiver) {
            own = receiver;
        }

        @Override
        public synchronized void publish(List<Delivery> deliveries) {
            own.accept(deliveries);
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {} // dropped
                case 3 -> late.push(deliveries);
                case 4 -> {
                    other.own.accept(deliveries);
                    other.own.accept(deliveries);
                }
                default -> other.own.accept(deliveries);
            }
            if (late.size() > 3) {
                late.forEach(other.own::accept); // the newest first
                late.clear();
            }
        }

        @Override
        public void close() {
            own = deliveries -> {};
        }
    }

    @Test
    @Timeout(60)
    void aBusThatDropsHalfDoublesAndReordersLosesNothing() {
        NotificationLog log = NotificationLog.inMemory();
        Lossy one = new Lossy(1);
        Lossy two = new Lossy(2);
        one.other = two;
        two.other = one;
        try (TestNode north = new TestNode(b -> b.log(log).bus(one));
                TestNode south = new TestNode(b -> b.log(log).bus(two))) {
            List<Peer> peers = List.of(north.connect("ann"), south.connect("ann"));
            int each = 400;
            List<CompletableFuture<Void>> senders = new ArrayList<>();
            for (TestNode node : List.of(north, south)) {
                senders.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < each; i++) {
                        node.service.send(Audience.user("ann"), "n", Map.of());
                    }
                }));
            }
            senders.forEach(CompletableFuture::join);

            List<Long> all = LongStream.rangeClosed(1, 2L * each).boxed().toList();
            for (Peer peer : peers) {
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(peer.session.notifications())
                                .extracting(event -> event.position().seq())
                                .isEqualTo(all));
            }
        }
    }
}
