package io.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.notify.TestNode.Peer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;

/** Sends over a log whose commits are made to fail, and compares what was delivered with what the log holds in the end. */
public final class PhantomCheck {
    private static final int SENDS = 200;

    private PhantomCheck() {}

    public static void run(NotificationLog log, Runnable startFailing, Runnable stopFailing) {
        try (TestNode node = new TestNode(b -> b.log(log).logPollInterval(Duration.ofMillis(10)))) {
            Peer ann = node.connect("ann");
            Set<UUID> acknowledged = new HashSet<>();
            int refused = 0;
            startFailing.run();
            for (int i = 0; i < SENDS; i++) {
                try {
                    acknowledged.add(node.service
                            .send(Audience.user("ann"), "n", Map.of("i", i))
                            .id());
                } catch (SendRefusedException e) {
                    assertThat(e.reason()).isEqualTo(SendRefusedException.Reason.LOG_UNAVAILABLE);
                    refused++;
                }
            }
            stopFailing.run();
            Awaitility.await().until(() -> node.service.health().logAvailable());
            acknowledged.add(
                    node.service.send(Audience.user("ann"), "last", Map.of()).id());

            List<LogRecord> stored = log.read(new LogReader("ann", Set.of()), 0, 10_000, node.clock.instant())
                    .records();
            assertThat(refused).isBetween(SENDS / 8, SENDS - 8);
            assertThat(stored).extracting(LogRecord::id).containsAll(acknowledged);
            assertThat(stored.size()).isGreaterThan(acknowledged.size()); // commits whose answer was lost
            Awaitility.await()
                    .untilAsserted(() -> assertThat(ann.session.notifications())
                            .extracting(OutboundEvent::id)
                            .isEqualTo(stored.stream().map(LogRecord::id).toList()));
        }
    }
}
