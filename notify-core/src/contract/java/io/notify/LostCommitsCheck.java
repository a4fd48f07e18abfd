package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.notify.TestNode.Peer;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongConsumer;

/** A node goes on over a log whose end was lost, and whose numbers came again before it looked. */
public final class LostCommitsCheck {
    private LostCommitsCheck() {}

    /**
     * Fails if a client misses a row of the new epoch, or is not told of the gap.
     *
     * @param first and {@code second} over the same store
     * @param forgetBeyond makes the store lose its rows beyond a number
     */
    public static void run(NotificationLog first, NotificationLog second, LongConsumer forgetBeyond) {
        // it looks only when it sends, so that the other one writes before it knows
        try (TestNode node = new TestNode(b -> b.log(first).logPollInterval(Duration.ofHours(1)))) {
            Peer ann = node.connect("ann");
            for (int i = 0; i < 10; i++) {
                send(node);
            }
            await().until(() -> ann.session.notifications().size() == 10);
            forgetBeyond.accept(5);
            second.open();
            second.renewEpoch();
            try (TestNode other = new TestNode(b -> b.log(second))) {
                for (int i = 0; i < 7; i++) {
                    send(other);
                }
                Position last = send(node);

                await().until(() -> ann.session.notifications().size() == 18);
                assertThat(ann.session.events("gap")).hasSize(1);
                assertThat(ann.session.notifications().subList(10, 18))
                        .extracting(event -> event.position().seq())
                        .containsExactly(6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L);
                assertThat(ann.session.notifications().get(17).position()).isEqualTo(last);
            }
        }
    }

    /**
     * Fails if a node that sends before it looks gives a number out a second time in the same epoch, or if its client is not
     * told of the gap.
     *
     * @param forgetBeyond makes the store lose its rows beyond a number
     */
    public static void runAlone(NotificationLog log, LongConsumer forgetBeyond) {
        try (TestNode node = new TestNode(b -> b.log(log).logPollInterval(Duration.ofHours(1)))) {
            Peer ann = node.connect("ann");
            for (int i = 0; i < 9; i++) {
                send(node);
            }
            Position lost = send(node);
            await().until(() -> ann.session.notifications().size() == 10);
            forgetBeyond.accept(5);

            Position next = send(node);

            assertThat(next.epoch()).isNotEqualTo(lost.epoch());
            assertThat(next.seq()).isEqualTo(6);
            await().until(() -> ann.session.notifications().size() == 11);
            assertThat(ann.session.events("gap")).hasSize(1);
            assertThat(ann.session.notifications().get(10).position()).isEqualTo(next);
        }
    }

    private static Position send(TestNode node) {
        return node.service.send(Audience.user("ann"), "n", Map.of()).position();
    }
}
