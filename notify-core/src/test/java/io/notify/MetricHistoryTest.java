package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MetricHistoryTest {
    private static final PresenceStats NOBODY = new PresenceStats(0, Map.of(), 0, Map.of(), 0);

    private final TestClock clock = new TestClock();
    private final AtomicReference<MetricHistory.Totals> totals = new AtomicReference<>(totals(0, 0, 0));
    private final MetricHistory ring =
            new MetricHistory(totals::get, () -> NOBODY, () -> new ServiceHealth(true, 3, 0, 0, 0, true), clock);

    private static MetricHistory.Totals totals(double sends, double deliveries, double errors) {
        return new MetricHistory.Totals(sends, deliveries, 1.5, 9.0, Map.of("sends", errors));
    }

    private MetricSample second(MetricHistory.Totals now) {
        totals.set(now);
        clock.advance(Duration.ofSeconds(1));
        ring.sample();
        List<MetricSample> recent = ring.recent();
        return recent.get(recent.size() - 1);
    }

    @Test
    void aSecondIsTheDifferenceOfTwoLooks() {
        assertThat(ring.recent()).isEmpty();

        second(totals(10, 30, 0));
        MetricSample figures = second(totals(14, 90, 2));

        assertThat(figures.sends()).isEqualTo(4);
        assertThat(figures.deliveries()).isEqualTo(60);
        assertThat(figures.errors()).containsExactly(Map.entry("sends", 2.0));
        assertThat(figures.deliveryMillisP50()).isEqualTo(1.5);
        assertThat(figures.deliveryMillisP99()).isEqualTo(9);
        assertThat(figures.queued()).isEqualTo(3);
        assertThat(figures.at()).isEqualTo(clock.instant());
        assertThat(ring.recent()).hasSize(2);
    }

    @Test
    void aLateLookIsSpreadOverItsTimeAndACounterThatFellIsZero() {
        clock.advance(Duration.ofSeconds(3));
        assertThat(second(totals(8, 0, 0)).sends()).isEqualTo(2);

        assertThat(second(totals(1, 0, 0)).sends()).isZero();
    }

    @Test
    void onlyTheLastFiveMinutesAreKept() {
        for (int i = 1; i <= 320; i++) {
            second(totals(i, 0, 0));
        }
        assertThat(ring.recent()).hasSize(300);
        assertThat(Duration.between(
                        ring.recent().get(0).at(), ring.recent().get(299).at()))
                .isEqualTo(Duration.ofSeconds(299));
    }

    @Test
    void aServiceShowsWhatItDoes() {
        try (TestNode node = new TestNode()) {
            node.connect("ann/CUSTOMER");
            node.connect("ann/CUSTOMER");
            node.service.send(Audience.user("ann"), "e", Map.of());
            node.service.sendAsync(Notification.builder(Audience.user("ann"), "e")
                    .data(List.of())
                    .build());

            await().untilAsserted(() -> {
                List<MetricSample> figures = node.service.metricHistory();
                assertThat(figures).isNotEmpty();
                assertThat(figures).anyMatch(f -> f.sends() > 0);
                assertThat(figures).anyMatch(f -> f.deliveries() > 0);
                assertThat(figures).anyMatch(f -> f.errors().getOrDefault("sends", 0.0) > 0);
                assertThat(figures.get(figures.size() - 1).presence())
                        .isEqualTo(node.service.presence().stats());
            });
        }
    }
}
