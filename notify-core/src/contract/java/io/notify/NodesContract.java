package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.notify.TestNode.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What two services over one log keep to, with no bus between them: the log alone makes them one. */
@Timeout(120)
public abstract class NodesContract {
    private static final String SECRET = "the-same-on-both-nodes-0123456789abcdef";

    private TestNode north;
    private TestNode south;

    /** A log over a new, empty store, not yet opened. The contract closes it. */
    protected abstract NotificationLog create() throws Exception;

    /** Another log over the store of the last one created; it may be the same object. */
    protected abstract NotificationLog reopen() throws Exception;

    @BeforeEach
    void startNodes() throws Exception {
        north = node(create());
        south = node(reopen());
    }

    @AfterEach
    void stopNodes() {
        north.close();
        south.close();
    }

    private static TestNode node(NotificationLog log) {
        return new TestNode(b -> b.log(log)
                .roomPolicy(RoomPolicy.matching(List.of("job:*")))
                .recoverySecret(SECRET)
                .rateLimit(10_000, Duration.ofSeconds(5))
                .logPollInterval(Duration.ofMillis(20)));
    }

    @Test
    void whatOneNodeSendsReachesTheClientsOfTheOtherLive() {
        Peer here = north.connect("ann");
        Peer there = south.connect("ann/CUSTOMER");
        Peer stranger = south.connect("bob");

        north.service.send(Audience.user("ann"), "own", Map.of("i", 1));
        north.service.send(Audience.users(List.of("ann", "cyd")), "listed", Map.of());
        north.service.send(Audience.everyone(), "wide", Map.of());
        north.service.send(Audience.role("CUSTOMER"), "role", Map.of());

        soon().untilAsserted(() -> {
            assertThat(names(here)).containsExactly("own", "listed", "wide");
            assertThat(names(there)).containsExactly("own", "listed", "wide", "role");
            assertThat(names(stranger)).containsExactly("wide");
        });
        assertThat(there.session.notifications().get(0).data())
                .isEqualTo(here.session.notifications().get(0).data());
    }

    @Test
    void whenBothSendEveryClientSeesEveryRowOnceInTheOrderOfTheLog() throws Exception {
        List<Peer> peers = List.of(north.connect("ann"), south.connect("ann"), north.connect("ann"));
        int each = 200;

        together(List.of(sending(north, each), sending(south, each)));

        List<Long> all = LongStream.rangeClosed(1, 2L * each).boxed().toList();
        for (Peer peer : peers) {
            soon().untilAsserted(() -> assertThat(peer.numbers()).isEqualTo(all));
        }
    }

    @Test
    void aClientThatGoesFromNodeToNodeWhileBothSendMissesNothingAndSeesNothingTwice() throws Exception {
        Peer peer = north.connect("ann");
        String cursor = peer.connected().path("position").textValue();
        int each = 300;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> running = new ArrayList<>();
            running.add(threads.submit(sending(north, each)));
            running.add(threads.submit(sending(south, each)));
            List<Long> seen = new ArrayList<>();
            for (int move = 0; seen.size() < 2 * each; move++) {
                Peer now = peer;
                soon().until(() -> !now.session.notifications().isEmpty());
                now.leave();
                seen.addAll(now.numbers());
                cursor = last(now, cursor);
                peer = (move % 2 == 0 ? south : north).resume("ann", cursor);
            }
            assertThat(seen)
                    .isEqualTo(LongStream.rangeClosed(1, 2L * each).boxed().toList());
            for (Future<Integer> sender : running) {
                assertThat(sender.get()).isEqualTo(each);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void sixtyFourRacingRetriesOnBothNodesMakeOneRow() throws Exception {
        List<Callable<Receipt>> retries = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            TestNode node = i % 2 == 0 ? north : south;
            retries.add(() -> node.service.send(keyed("once", 7)));
        }

        List<Receipt> receipts = together(retries);

        Set<UUID> ids = new HashSet<>();
        Set<Position> positions = new HashSet<>();
        receipts.forEach(receipt -> {
            ids.add(receipt.id());
            positions.add(receipt.position());
        });
        assertThat(ids).hasSize(1);
        assertThat(positions).hasSize(1);
        assertThat(receipts).filteredOn(receipt -> !receipt.duplicate()).hasSize(1);
        assertThat(rows(north)).hasSize(1);
        assertThatThrownBy(() -> south.service.send(keyed("once", 8)))
                .isInstanceOfSatisfying(
                        SendRefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(SendRefusedException.Reason.IDEMPOTENCY_CONFLICT));
    }

    @Test
    void roomsJoinedByHandComeBackOnAnotherNodeWithWhatWasSentToThem() {
        Peer first = north.connect("ann");
        first.emit("joinRoom", "job:7");
        String cursor = first.connected().path("position").textValue();
        String recoveryId = north.service.gateway().recoveryId(first.connection.identity(), first.sessionId);
        NotificationLog log = north.log();
        String key = RoomMemory.key(first.connection.identity(), first.sessionId);
        soon().until(() ->
                log.recallRooms(key, north.clock.instant()).contains("job:7")); // a crash after this loses nothing
        north.service.send(Audience.room("job:7"), "in-room", Map.of());

        Peer second = south.connect("ann", new RecordingSession(), cursor, recoveryId);

        soon().untilAsserted(() -> assertThat(names(second)).containsExactly("in-room"));
        assertThat(second.sessionId).isEqualTo(first.sessionId);
        south.service.send(Audience.room("job:7"), "live", Map.of());
        soon().untilAsserted(() -> assertThat(names(second)).containsExactly("in-room", "live"));
    }

    @Test
    void aCursorBeyondTheEndStartsANewEpochOnEveryNodeAndEveryOtherCursorGoesOn() {
        Peer live = south.connect("ann");
        Position third = send(north, 3);
        soon().until(() -> live.numbers().size() == 3);
        String old = third.epoch() + "-1";

        Peer lost = north.resume("ann", third.epoch() + "-99");

        soon().until(() -> !lost.session.events("gap").isEmpty());
        assertThat(lost.session.last("gap").path("reason").textValue()).isEqualTo("epoch");
        Position next = send(north, 1);
        assertThat(next.epoch()).isNotEqualTo(third.epoch());
        assertThat(next.seq()).isEqualTo(4);
        Peer back = south.resume("ann", old);
        soon().untilAsserted(() -> {
            assertThat(back.numbers()).containsExactly(2L, 3L, 4L);
            assertThat(live.numbers()).containsExactly(1L, 2L, 3L, 4L);
            assertThat(lost.numbers()).containsExactly(4L);
        });
        assertThat(back.session.events("gap")).isEmpty();
        assertThat(live.session.events("gap")).isEmpty();
        assertThat(live.session.notifications().get(3).position()).isEqualTo(next);
    }

    private static Position send(TestNode node, int count) {
        Position last = null;
        for (int i = 0; i < count; i++) {
            last = node.service.send(Audience.user("ann"), "n", Map.of("i", i)).position();
        }
        return last;
    }

    private static Callable<Integer> sending(TestNode node, int count) {
        return () -> {
            send(node, count);
            return count;
        };
    }

    private static Notification keyed(String key, int value) {
        return Notification.builder(Audience.user("ann"), "n")
                .data(Map.of("v", value))
                .idempotencyKey("shop", key)
                .build();
    }

    private static List<LogRow> rows(TestNode node) {
        LogFilter all = new LogFilter(null, null, null, null, null, null, null, null, null, 100);
        return node.service.archive().logs(all).toCompletableFuture().join().rows();
    }

    private static List<String> names(Peer peer) {
        return peer.session.notifications().stream().map(OutboundEvent::name).toList();
    }

    private static String last(Peer peer, String otherwise) {
        List<OutboundEvent> all = peer.session.notifications();
        return all.isEmpty() ? otherwise : all.get(all.size() - 1).position().toString();
    }

    private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> task : threads.invokeAll(tasks)) {
                answers.add(task.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private static ConditionFactory soon() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5));
    }
}
