package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.notify.TestNode.Peer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a client with a cursor is live without a look into the log, and when not. */
class RecentAudiencesTest {
    private final AtomicInteger reads = new AtomicInteger();
    private final NotificationLog counting = Intercepted.before(
            NotificationLog.class, NotificationLog.inMemory(), "read"::equals, reads::incrementAndGet);
    private final TestNode node = new TestNode(b -> b.log(counting).replayLimit(10_000));

    @AfterEach
    void close() {
        node.close();
    }

    private Position send(Audience audience) {
        return node.service.send(audience, "n", Map.of()).position();
    }

    private void assertShown(Position cursor, List<Long> missed) {
        Peer ann = node.resume("ann/CUSTOMER", cursor.toString());
        await().untilAsserted(() -> assertThat(ann.numbers()).isEqualTo(missed));
        long live = send(Audience.user("ann")).seq();
        await().untilAsserted(() -> assertThat(ann.numbers()).contains(live).hasSize(missed.size() + 1));
        ann.leave();
    }

    @Test
    void whoMissedOnlyWhatWasForOthersIsLiveWithoutReading() {
        Position cursor = send(Audience.user("ann"));
        send(Audience.user("bob"));
        send(Audience.role("ADMIN"));
        send(Audience.room("elsewhere"));
        send(Audience.users(List.of("bob", "carol")));
        assertShown(cursor, List.of());
        assertThat(reads).hasValue(0);
    }

    @Test
    void whateverMayBeTheirsIsRead() {
        List<Audience> theirs = List.of(
                Audience.user("ann"),
                Audience.everyone(),
                Audience.role("CUSTOMER"),
                Audience.users(List.of("bob", "ann")));
        for (Audience audience : theirs) {
            reads.set(0);
            Position cursor = send(Audience.user("bob"));
            Position missed = send(audience);
            send(Audience.user("bob"));
            assertShown(cursor, List.of(missed.seq()));
            assertThat(reads).as("%s", audience).hasPositiveValue();
        }
    }

    @Test
    void aLongListMayBeForAnybody() {
        Position cursor = send(Audience.user("bob"));
        send(Audience.users(IntStream.range(0, 17).mapToObj(i -> "user" + i).toList()));
        assertShown(cursor, List.of());
        assertThat(reads).hasPositiveValue();
    }

    @Test
    void whatIsBeyondMemoryIsRead() {
        Position cursor = send(Audience.user("ann"));
        Position missed = send(Audience.user("ann"));
        IntStream.range(0, RecentAudiences.ROWS).forEach(i -> send(Audience.user("bob")));
        assertShown(cursor, List.of(missed.seq()));
        assertThat(reads).hasPositiveValue();
    }

    @Test
    void aCursorFromBeforeTheStartIsRead() {
        Position cursor = send(Audience.user("ann"));
        Position missed = send(Audience.user("ann"));
        try (TestNode later = new TestNode(b -> b.log(counting))) {
            Peer ann = later.resume("ann", cursor.toString());
            await().untilAsserted(() -> assertThat(ann.numbers()).containsExactly(missed.seq()));
            assertThat(reads).hasPositiveValue();
        }
    }

    @Test
    void numbersThatCameAgainInAnotherEpochAreThoseOfTheNewOne() {
        Position beginning = new Position("a", 10);
        RecentAudiences recent = new RecentAudiences(beginning);
        LogReader ann = new LogReader("ann", Set.of("user:ann"));
        recent.add(row("a", 11, "user:bob"));
        recent.add(row("a", 12, "user:bob"));
        assertThat(recent.mayConcern(ann, 10, 12)).isFalse();
        assertThat(recent.mayConcern(ann, 9, 12)).isTrue();

        recent.beginEpoch(new Position("b", 11));
        assertThat(recent.mayConcern(ann, 10, 11)).isTrue();
        recent.add(row("b", 12, "user:ann"));
        assertThat(recent.mayConcern(ann, 11, 12)).isTrue();
        assertThat(recent.mayConcern(ann, 12, 12)).isFalse();
    }

    private static Delivery row(String epoch, long seq, String audience) {
        return new Delivery(
                new OutboundEvent("n", new byte[0], new UUID(0, seq), new Position(epoch, seq), false),
                audience,
                List.of(),
                Instant.EPOCH,
                null);
    }
}
