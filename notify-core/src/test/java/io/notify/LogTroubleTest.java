package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.notify.TestNode.Peer;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of sends while the log is full, slow, or away. */
@Timeout(60)
class LogTroubleTest {
    private static Notification to(String user) {
        return Notification.builder(Audience.user(user), "n").build();
    }

    private static SendRefusedException.Reason refusal(CompletableFuture<Receipt> receipt) {
        return receipt.handle((done, failure) -> ((SendRefusedException) failure).reason())
                .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aFullQueueRefusesAtOnceAndWhatWasTakenIsStored() {
        CountDownLatch gate = new CountDownLatch(1);
        NotificationLog slow =
                Intercepted.before(NotificationLog.class, NotificationLog.inMemory(), "append"::equals, gate::await);
        try (TestNode node = new TestNode(b -> b.log(slow).sendQueue(4, 1 << 20))) {
            List<CompletableFuture<Receipt>> taken = new ArrayList<>();
            taken.add(node.service.sendAsync(to("ann")));
            await().until(() -> node.service.health().queuedSends() == 0); // the log thread has it
            for (int i = 0; i < 4; i++) {
                taken.add(node.service.sendAsync(to("ann")));
            }

            CompletableFuture<Receipt> beyond = node.service.sendAsync(to("ann"));

            assertThat(beyond).isCompletedExceptionally();
            assertThat(refusal(beyond)).isEqualTo(SendRefusedException.Reason.QUEUE_FULL);
            gate.countDown();
            assertThat(taken)
                    .allSatisfy(receipt -> assertThat(receipt.join().position()).isNotNull());
        }
    }

    @Test
    void whileTheLogIsAwayNobodyIsToldYesAndAfterwardsItIsWellByItself() {
        AtomicBoolean away = new AtomicBoolean();
        NotificationLog flaky = Intercepted.before(
                NotificationLog.class, NotificationLog.inMemory(), method -> !method.equals("close"), () -> {
                    if (away.get()) {
                        throw new LogUnavailableException("away", new IllegalStateException("on purpose"));
                    }
                });
        try (TestNode node = new TestNode(b -> b.log(flaky))) {
            Peer ann = node.connect("ann");
            away.set(true);

            assertThat(refusal(node.service.sendAsync(to("ann"))))
                    .isEqualTo(SendRefusedException.Reason.LOG_UNAVAILABLE);
            await().until(() -> !node.service.health().logAvailable());
            Receipt blink = node.service.send(Notification.builder(Audience.user("ann"), "blink")
                    .volatileDelivery()
                    .build());
            assertThat(blink.connections()).isEqualTo(1);
            await().until(() -> !ann.session.events("blink").isEmpty());
            assertThat(ann.session.closeReason()).isNull();
            assertThat(ann.session.events("n")).isEmpty();

            away.set(false);

            await().atMost(Duration.ofSeconds(3))
                    .until(() -> node.service.health().logAvailable());
            assertThat(node.service.send(to("ann")).position().seq()).isEqualTo(1);
            await().until(() -> ann.session.events("n").size() == 1);
        }
    }

    @Test
    void aSlowLogHoldsNobodyLongerThanTheSendTimeout() {
        CountDownLatch gate = new CountDownLatch(1);
        NotificationLog stuck =
                Intercepted.before(NotificationLog.class, NotificationLog.inMemory(), "append"::equals, gate::await);
        try (TestNode node = new TestNode(b -> b.log(stuck).sendTimeout(Duration.ofMillis(200)))) {
            assertThatThrownBy(() -> node.service.send(to("ann")))
                    .isInstanceOfSatisfying(
                            SendRefusedException.class,
                            e -> assertThat(e.reason()).isEqualTo(SendRefusedException.Reason.LOG_UNAVAILABLE));
            gate.countDown();
        }
    }

    @Test
    void roomsAndDeliveryStatusAreWrittenAlsoWhileSendingNeverPauses() {
        NotificationLog log = NotificationLog.inMemory();
        try (TestNode node = new TestNode(b -> b.log(log).roomPolicy(RoomPolicy.matching(List.of("job:*"))))) {
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                while (!stop.get()) {
                    node.service.send(to("nobody"));
                }
            });
            Peer ann = node.connect("ann");
            ann.emit("joinRoom", "job:7");
            Receipt seen = node.service.send(to("ann"));

            await().untilAsserted(() -> {
                assertThat(log.recallRooms(
                                RoomMemory.key(ann.connection.identity(), ann.sessionId), node.clock.instant()))
                        .containsExactly("job:7");
                LogFilter delivered = new LogFilter("ann", null, null, true, null, null, null, null, null, 10);
                assertThat(log.logs(delivered).rows()).extracting(LogRow::id).containsExactly(seen.id());
            });
            stop.set(true);
            sender.join();
        }
    }

    @Test
    void roomsThatCannotBeStoredHoldUpNoOtherSessionsAndNoSend() {
        NotificationLog log = NotificationLog.inMemory();
        NotificationLog picky = (NotificationLog) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {NotificationLog.class}, (self, method, arguments) -> {
                    if (method.getName().equals("rememberRooms") && ((Set<?>) arguments[1]).contains("job:bad")) {
                        throw new IllegalArgumentException("rooms: too many (expected: fewer)");
                    }
                    return method.invoke(log, arguments);
                });
        try (TestNode node = new TestNode(b -> b.log(picky).roomPolicy(RoomPolicy.matching(List.of("job:*"))))) {
            node.connectInSession("ann", "s0", null).emit("joinRoom", "job:bad");
            List<Peer> others = new ArrayList<>();
            for (int i = 1; i <= 8; i++) {
                Peer other = node.connectInSession("ann", "s" + i, null);
                other.emit("joinRoom", "job:good");
                others.add(other);
            }

            await().untilAsserted(() -> assertThat(others)
                    .allSatisfy(other -> assertThat(log.recallRooms(
                                    RoomMemory.key(other.connection.identity(), other.sessionId), node.clock.instant()))
                            .containsExactly("job:good")));
            assertThat(node.service.send(to("ann")).position()).isNotNull();
            assertThat(node.service.health().logAvailable()).isTrue();
        }
    }

    @Test
    void oldRowsGoAlsoWhileSendingNeverPausesAndNoSendWaitsForIt() {
        NotificationLog log = NotificationLog.inMemory();
        CountDownLatch purging = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        NotificationLog gated = Intercepted.before(NotificationLog.class, log, "purge"::equals, () -> {
            purging.countDown();
            gate.await();
        });
        try (TestNode node = new TestNode(b -> b.log(gated).retention(Duration.ofHours(1)))) {
            for (int i = 0; i < 1_000; i++) {
                node.service.send(to("ann"));
            }
            node.clock.advance(Duration.ofHours(2));
            await().until(() -> purging.getCount() == 0);

            Receipt during = node.service.send(to("ann"));

            gate.countDown();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> log.read(new LogReader("ann", Set.of()), 0, 10, node.clock.instant())
                                    .purgedThrough()
                            == during.position().seq() - 1);
        }
    }
}
