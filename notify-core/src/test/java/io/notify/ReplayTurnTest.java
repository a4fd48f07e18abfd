package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.notify.TestNode.Answers;
import io.notify.TestNode.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client does while the log is being read for it neither loses nor doubles a row. */
@Timeout(60)
class ReplayTurnTest {
    /** So many that it is not remembered who they are: a client that comes back has to read. */
    private static final Audience OTHERS =
            Audience.users(IntStream.range(0, 17).mapToObj(i -> "other" + i).toList());

    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final NotificationLog slow =
            Intercepted.before(NotificationLog.class, NotificationLog.inMemory(), "read"::equals, () -> {
                reading.countDown();
                gate.await();
            });
    private final TestNode node = new TestNode(b ->
            b.log(slow).roomPolicy(RoomPolicy.matching(List.of("job:*"))).rateLimit(10_000, Duration.ofSeconds(5)));

    @AfterEach
    void close() {
        gate.countDown();
        node.close();
    }

    private Position send(Audience audience) {
        return node.service.send(audience, "n", Map.of()).position();
    }

    @Test
    void aResumeAmidAnotherReplacesItAndBothAreAnswered() throws Exception {
        Position first = send(Audience.user("ann"));
        send(Audience.user("ann"));
        Position last = send(Audience.user("ann"));
        send(OTHERS);
        Peer ann = node.resume("ann", last.toString());
        reading.await();

        String before = new Position(first.epoch(), 0).toString();
        Answers one = ann.emit("resume", Map.of("position", before));
        Answers two = ann.emit("resume", Map.of("position", before));
        gate.countDown();

        await().until(() -> !one.acknowledgements.isEmpty() && !two.acknowledgements.isEmpty());
        send(Audience.user("ann"));
        await().untilAsserted(() -> assertThat(ann.numbers()).containsExactly(1L, 2L, 3L, 5L));
    }

    @Test
    void aRoomThatIsJoinedWhileTheLogIsReadLosesNothing() throws Exception {
        Position here = send(Audience.user("ann"));
        send(OTHERS);
        Peer ann = node.resume("ann", here.toString());
        reading.await();

        assertThat(ann.emit("joinRoom", "job:1").name()).isEqualTo("joinedRoom");
        send(Audience.room("job:1"));
        node.settle();
        gate.countDown();

        await().untilAsserted(() -> assertThat(ann.numbers()).containsExactly(3L));
    }

    @Test
    void aClientThatHasMissedNothingIsLiveWithoutAReading() {
        Peer other = node.connect("ann");
        Position here = send(Audience.user("ann"));
        await().until(() -> !other.numbers().isEmpty());
        Peer ann = node.resume("ann", here.toString());
        await().until(() -> !ann.session.events().isEmpty()); // greeted, and in the same task live or not
        node.settle();

        send(Audience.user("ann"));

        await().untilAsserted(() -> assertThat(ann.numbers()).containsExactly(2L));
        assertThat(reading.getCount()).isEqualTo(1);
    }

    @Test
    void aClientWhoseEndTakesAnotherConnectionWithItCostsNobodyElseARow() {
        gate.countDown();
        Peer bystander = node.connect("bob");
        Peer twin = node.connect("ann");
        RecordingSession full = new RecordingSession() {
            @Override
            public boolean offer(OutboundEvent event) {
                if (event.id() == null) {
                    return super.offer(event);
                }
                close(CloseReason.TOO_SLOW);
                twin.session.close(CloseReason.TOO_SLOW);
                return false;
            }
        };
        node.connect("ann", full, null, null);

        send(Audience.everyone());

        await().untilAsserted(() -> assertThat(bystander.numbers()).containsExactly(1L));
        assertThat(full.closeReason()).isEqualTo(CloseReason.TOO_SLOW);
        assertThat(twin.session.closeReason()).isEqualTo(CloseReason.TOO_SLOW);
    }
}
