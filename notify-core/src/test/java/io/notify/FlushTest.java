package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.notify.TestNode.Peer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection that is offered several events at once is flushed once, and one of many does not wait for all the others. */
class FlushTest {
    private static final int MANY = 200;

    private final TestNode node = new TestNode(b -> b);

    @AfterEach
    void close() {
        node.close();
    }

    private static int flushes(List<Peer> peers) {
        return peers.stream().mapToInt(peer -> peer.session.flushes()).sum();
    }

    @Test
    void oneEventIsOneFlushForEach() {
        List<Peer> peers = IntStream.range(0, MANY)
                .mapToObj(i -> node.connect("user-" + i))
                .toList();
        int before = flushes(peers);

        node.service.send(Audience.everyone(), "n", Map.of());

        await().until(() -> flushes(peers) >= before + MANY);
        node.settle();
        assertThat(flushes(peers)).isEqualTo(before + MANY);
    }

    @Test
    void whatIsPublishedTogetherIsFlushedTogether() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        NotificationLog slow =
                Intercepted.before(NotificationLog.class, NotificationLog.inMemory(), "append"::equals, () -> {
                    writing.countDown();
                    gate.await();
                });
        try (TestNode busy = new TestNode(b -> b.log(slow))) {
            List<Peer> peers = IntStream.range(0, MANY)
                    .mapToObj(i -> busy.connect("user-" + i))
                    .toList();
            int before = flushes(peers);
            Notification all = Notification.builder(Audience.everyone(), "n").build();
            Notification one =
                    Notification.builder(Audience.user("user-0"), "n").build();

            CompletableFuture<Receipt> first = busy.service.sendAsync(all);
            writing.await();
            CompletableFuture<List<Receipt>> rest = busy.service.sendAllAsync(List.of(all, one, all));
            gate.countDown();
            first.join();
            rest.join();

            await().untilAsserted(() -> assertThat(peers)
                    .allSatisfy(
                            peer -> assertThat(peer.session.notifications()).hasSize(peer == peers.get(0) ? 4 : 3)));
            busy.settle();
            assertThat(flushes(peers)).isEqualTo(before + 2 * MANY);
        }
    }

    @Test
    void theFirstOfManyIsFlushedBeforeTheLastIsOffered() {
        AtomicInteger flushesAtTheLastOffer = new AtomicInteger();
        AtomicInteger flushes = new AtomicInteger();
        for (int i = 0; i < MANY; i++) {
            node.connect("user-" + i, new Watched(flushes, flushesAtTheLastOffer), null, null);
        }
        flushes.set(0);

        node.service.send(Audience.everyone(), "n", Map.of());

        await().until(() -> flushes.get() == MANY);
        assertThat(flushesAtTheLastOffer.get()).isBetween(1, MANY - 1);
    }

    @Test
    void oneThatClosesAsItIsFlushedTakesTheEventFromNobody() {
        AtomicBoolean breaks = new AtomicBoolean();
        List<Peer> peers = IntStream.range(0, MANY)
                .mapToObj(i -> i % 5 == 0
                        ? node.connect("user-" + i, new Breaking(breaks), null, null)
                        : node.connect("user-" + i))
                .toList();
        breaks.set(true);

        node.service.send(Audience.everyone(), "n", Map.of());

        await().untilAsserted(() -> assertThat(peers)
                .allSatisfy(peer -> assertThat(peer.session.notifications()).hasSize(1)));
        node.settle();
        assertThat(peers)
                .allSatisfy(peer -> assertThat(peer.session.notifications()).hasSize(1));
        assertThat(node.service.presence().stats().connections()).isEqualTo(MANY - MANY / 5);
    }

    private static final class Breaking extends RecordingSession {
        private final AtomicBoolean breaks;

        Breaking(AtomicBoolean breaks) {
            this.breaks = breaks;
        }

        @Override
        public void flush() {
            super.flush();
            if (breaks.get()) {
                close(CloseReason.TOO_SLOW);
            }
        }
    }

    private static final class Watched extends RecordingSession {
        private final AtomicInteger flushes;
        private final AtomicInteger atOffer;

        Watched(AtomicInteger flushes, AtomicInteger atOffer) {
            this.flushes = flushes;
            this.atOffer = atOffer;
        }

        @Override
        public boolean offer(OutboundEvent event) {
            atOffer.set(flushes.get());
            return super.offer(event);
        }

        @Override
        public void flush() {
            flushes.incrementAndGet();
            super.flush();
        }
    }
}
