package io.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.notify.TestNode.Answers;
import io.notify.TestNode.Peer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a cursor leads: what was missed, in order, once, then live; or a gap that is said. */
class ResumeTest {
    private final NotificationLog log = NotificationLog.inMemory();
    private final TestNode node =
            new TestNode(b -> b.log(log).replayLimit(50).rateLimit(10_000, Duration.ofSeconds(5)));

    @AfterEach
    void close() {
        node.close();
    }

    private Position send(String event) {
        return node.service.send(Audience.user("ann"), event, Map.of()).position();
    }

    private static List<Long> range(long from, long through) {
        return LongStream.rangeClosed(from, through).boxed().toList();
    }

    private static List<String> names(Peer peer) {
        return peer.session.notifications().stream().map(OutboundEvent::name).toList();
    }

    private static ConditionFactory soon() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1));
    }

    @Test
    void publishingDuringAThousandResumesNeitherSkipsNorDoublesNorReorders() {
        Position head = send("n");
        for (int round = 0; round < 1_000; round++) {
            long back = ThreadLocalRandom.current().nextLong(Math.min(head.seq(), 20) + 1);
            Position cursor = new Position(head.epoch(), head.seq() - back);
            int during = 1 + round % 6;
            CompletableFuture<Position> sender = CompletableFuture.supplyAsync(() -> {
                Position last = cursor;
                for (int i = 0; i < during; i++) {
                    last = send("n");
                }
                return last;
            });

            Peer peer = node.resume("ann", cursor.toString());

            head = sender.join();
            List<Long> expected = range(cursor.seq() + 1, head.seq());
            soon().untilAsserted(() -> assertThat(peer.numbers()).isEqualTo(expected));
            assertThat(peer.session.events("gap")).isEmpty();
            peer.leave();
        }
    }

    @Test
    void whatRetentionTookIsAGapAndTheRestFollows() {
        Position third = null;
        for (int i = 0; i < 3; i++) {
            third = send("n");
        }
        log.purge(node.clock.instant().plusSeconds(1), 2, node.clock.instant());

        Peer peer = node.resume("ann", third.epoch() + "-0");

        soon().until(() -> peer.numbers().equals(List.of(3L)));
        assertThat(peer.session.events("gap")).hasSize(1);
        assertThat(peer.session.last("gap").path("reason").textValue()).isEqualTo("expired");
        assertThat(peer.session.last("gap").path("from").textValue()).isEqualTo(third.epoch() + "-0");
        assertThat(peer.session.last("gap").path("to").textValue()).isEqualTo(third.epoch() + "-2");
    }

    @Test
    void beyondTheReplayLimitTheRestIsAGapAndThenItIsLive() {
        Position last = null;
        for (int i = 0; i < 60; i++) {
            last = send("n");
        }
        String epoch = last.epoch();

        Peer peer = node.resume("ann", epoch + "-0");
        soon().until(() -> !peer.session.events("gap").isEmpty());
        send("live");

        soon().untilAsserted(() -> assertThat(names(peer)).hasSize(51).endsWith("live"));
        assertThat(peer.numbers().subList(0, 50)).isEqualTo(range(1, 50));
        assertThat(peer.session.last("gap").path("reason").textValue()).isEqualTo("limit");
        assertThat(peer.session.last("gap").path("from").textValue()).isEqualTo(epoch + "-50");
        assertThat(peer.session.last("gap").path("to").textValue()).isEqualTo(epoch + "-60");
    }

    @Test
    void aNewLogHasAnEpochOfItsOwnAndACursorOfAnotherIsAGap() {
        Position mine = send("n");
        try (NotificationLog other = NotificationLog.inMemory()) {
            Position foreign = other.open();
            assertThat(foreign.epoch()).isNotEqualTo(mine.epoch());

            Peer peer = node.resume("ann", foreign.toString());

            soon().until(() -> !peer.session.events("gap").isEmpty());
            assertThat(peer.session.last("gap").path("reason").textValue()).isEqualTo("epoch");
            assertThat(peer.session.last("gap").path("to").textValue()).isEqualTo(mine.toString());
            assertThat(peer.numbers()).isEmpty();
        }
    }

    @Test
    void whoeverMakesUpCursorsCannotStartOneEpochAfterAnother() {
        Position first = send("n");
        node.resume("ann", first.epoch() + "-1000");
        soon().until(() -> !log.head().epoch().equals(first.epoch()));
        Position renewed = log.head();

        Peer again = node.resume("ann", renewed.epoch() + "-1000");

        soon().until(() -> !again.session.events("gap").isEmpty());
        assertThat(log.head()).isEqualTo(renewed);
        assertThat(again.session.last("gap").path("to").textValue()).isEqualTo(renewed.toString());
    }

    @Test
    void whatExpiresWhileItWaitsIsNotDelivered() {
        Peer peer = node.connect("ann");
        CountDownLatch busy = new CountDownLatch(1);
        node.lane.execute(() -> await(busy));
        Notification short1 = lasting("ten-seconds", 10);
        Notification long1 = lasting("eleven-seconds", 11);
        node.service.send(short1);
        node.service.send(long1);
        node.clock.advance(Duration.ofSeconds(10));
        busy.countDown();

        soon().untilAsserted(() -> assertThat(names(peer)).containsExactly("eleven-seconds"));
        String start = peer.session.events("connected").get(0).position().toString();
        Peer later = node.resume("ann", start);
        soon().untilAsserted(() -> assertThat(names(later)).containsExactly("eleven-seconds"));
        node.clock.advance(Duration.ofSeconds(1));
        Peer last = node.resume("ann", start);
        send("after");
        soon().untilAsserted(() -> assertThat(names(last)).containsExactly("after"));
    }

    private static Notification lasting(String event, int seconds) {
        return Notification.builder(Audience.user("ann"), event)
                .timeToLive(Duration.ofSeconds(seconds))
                .build();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void acknowledgementsAreCumulativeAndNeverBeyondTheEnd() {
        Peer peer = node.connect("ann");
        Random random = new Random(7);
        long head = 0;
        long highest = 0;
        for (int step = 0; step < 400; step++) {
            if (random.nextInt(3) == 0) {
                head = send("n").seq();
            }
            long claimed = random.nextLong(head + 4);
            String position = log.head().epoch() + "-" + claimed;
            Answers answers = peer.emit("ack", Map.of("position", position));
            boolean beyond = claimed > head;
            soon().until(() -> !(beyond ? answers.events : answers.acknowledgements).isEmpty());
            if (beyond) {
                assertThat(answers.data().path("code").textValue()).isEqualTo("INVALID_PAYLOAD");
            } else {
                highest = Math.max(highest, claimed);
            }
            assertThat(log.acknowledged("ann").orElse(0)).isEqualTo(highest);
        }
        assertThat(highest).isPositive();
    }

    @Test
    void ofWhatWasReplacedOnlyTheLastIsReplayedAndOptionsReachTheClient() {
        Position before = send("n");
        for (int i = 0; i < 3; i++) {
            node.service.send(Notification.builder(Audience.user("ann"), "progress")
                    .data(Map.of("percent", i))
                    .collapseKey("upload")
                    .priority(Priority.HIGH)
                    .timeToLive(Duration.ofMinutes(1))
                    .build());
        }

        Peer peer = node.resume("ann", before.toString());

        soon().untilAsserted(() -> assertThat(peer.numbers()).containsExactly(4L));
        assertThat(peer.session.last("progress").path("data").path("percent").intValue())
                .isEqualTo(2);
        assertThat(peer.session.last("progress").path("priority").textValue()).isEqualTo("high");
        assertThat(Instant.parse(peer.session.last("progress").path("expiresAt").textValue()))
                .isEqualTo(node.clock.instant().plusSeconds(60));
    }

    @Test
    void aHeartbeatNeverTakesACursorBack() {
        // written by somebody else: this node has not handed it over yet when a replay shows it
        Peer peer = node.connect("ann");
        Position shown = new Position(log.head().epoch(), 5);
        node.onLane(() -> {
            LiveConnection connection = (LiveConnection) peer.connection;
            connection.goLive(shown);
            OutboundEvent beat = new OutboundEvent("heartbeat", new byte[] {'{', '}'}, null, log.head(), true);
            return connection.deliver(beat);
        });

        assertThat(peer.session.events("heartbeat").get(0).position()).isEqualTo(shown);
    }
}
