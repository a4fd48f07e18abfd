package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.notify.TestNode.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetersTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final TestNode node = new TestNode(b -> b.meterRegistry(registry)
            .rateLimit(4, Duration.ofSeconds(5))
            .replayLimit(2)
            .on("greet", (client, data) -> "hello"));

    @AfterEach
    void close() {
        node.close();
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private long times(String name, String... tags) {
        return registry.get(name).tags(tags).timer().count();
    }

    @Test
    void connectionsAreCountedByTransportAndTheirEndsByReason() {
        Peer stream = node.connect("ann", new RecordingSession(Transport.SSE, 100), null, null);
        Peer socket = node.connect("ann");

        assertThat(gauge("notify.connections", "transport", "sse")).isEqualTo(1);
        assertThat(gauge("notify.connections", "transport", "plain-websocket")).isEqualTo(1);
        assertThat(gauge("notify.connections", "transport", "polling")).isZero();
        assertThat(gauge("notify.users.online")).isEqualTo(1);
        assertThat(gauge("notify.sessions")).isEqualTo(2);
        assertThat(gauge("notify.rooms")).isEqualTo(3);
        assertThat(count("notify.connections.opened", "transport", "sse")).isEqualTo(1);

        stream.leave();
        socket.session.close(CloseReason.TOKEN_EXPIRED);

        assertThat(gauge("notify.connections", "transport", "sse")).isZero();
        assertThat(count("notify.connections.closed", "reason", "client")).isEqualTo(1);
        assertThat(count("notify.connections.closed", "reason", "token_expired"))
                .isEqualTo(1);
    }

    @Test
    void aConnectionThatIsTooSlowIsCountedAsThat() {
        node.connect("ann", new RecordingSession(Transport.SSE, 1), null, null);

        node.service.send(Audience.user("ann"), "n", Map.of());
        node.settle();

        assertThat(count("notify.connections.closed", "reason", "too_slow")).isEqualTo(1);
    }

    @Test
    void tokensAreCountedByWhatWasWrong() {
        Gateway gateway = node.service.gateway();
        gateway.authenticate("ann");
        gateway.authenticate(null);
        gateway.authenticate("bad");

        assertThat(count("notify.authentications", "outcome", "accepted")).isEqualTo(1);
        assertThat(count("notify.authentications", "outcome", "no_token")).isEqualTo(1);
        assertThat(count("notify.authentications", "outcome", "other")).isEqualTo(1);
    }

    @Test
    void clientEventsAreCountedByTheNamesThatWeKnowAndStrangersTogether() {
        Peer ann = node.connect("ann");
        ann.emit("ping", null);
        ann.emit("greet", null);
        ann.emit("<script>", null);
        ann.emit("joinRoom", "user:bob");
        ann.emit("ping", null);

        assertThat(count("notify.events.received", "event", "ping")).isEqualTo(2);
        assertThat(count("notify.events.received", "event", "custom")).isEqualTo(1);
        assertThat(count("notify.events.received", "event", "unknown")).isEqualTo(1);
        assertThat(count("notify.events.sent", "event", "pong")).isEqualTo(1);
        assertThat(count("notify.events.sent", "event", "connected")).isEqualTo(1);
        assertThat(count("notify.events.refused", "code", "UNKNOWN_EVENT")).isEqualTo(1);
        assertThat(count("notify.events.refused", "code", "FORBIDDEN_ROOM")).isEqualTo(1);
        assertThat(count("notify.events.refused", "code", "RATE_LIMITED")).isEqualTo(1);
        assertThat(count("notify.rate.limited", "limit", "events")).isEqualTo(1);
    }

    @Test
    void sendsAreCountedByKindAndOutcomeAndDeliveriesByTheConnectionsTheyReached() {
        node.connect("ann");
        node.connect("ann");
        node.service.send(Audience.user("ann"), "n", Map.of());
        node.service.send(Notification.builder(Audience.everyone(), "n")
                .volatileDelivery()
                .build());
        Notification keyed = Notification.builder(Audience.user("bob"), "n")
                .idempotencyKey("s", "k")
                .build();
        node.service.send(keyed);
        node.service.send(keyed);
        assertThatThrownBy(() -> node.service.send(Audience.user("ann"), "n", "no object"))
                .isInstanceOf(InvalidNotificationException.class);
        node.settle();

        assertThat(count("notify.sends", "kind", "durable", "outcome", "accepted"))
                .isEqualTo(2);
        assertThat(count("notify.sends", "kind", "durable", "outcome", "duplicate"))
                .isEqualTo(1);
        assertThat(count("notify.sends", "kind", "durable", "outcome", "invalid"))
                .isEqualTo(1);
        assertThat(count("notify.sends", "kind", "volatile", "outcome", "accepted"))
                .isEqualTo(1);
        assertThat(count("notify.deliveries", "kind", "durable")).isEqualTo(2);
        assertThat(count("notify.deliveries", "kind", "volatile")).isEqualTo(2);
        assertThat(times("notify.log.commit", "outcome", "committed")).isEqualTo(3);
        assertThat(registry.get("notify.log.batch").summary().totalAmount()).isEqualTo(3);
    }

    @Test
    void deliveryTimeIsRecordedOnceForALanesBatchAndNotForEachConnection() {
        for (int i = 0; i < 50; i++) {
            node.connect("user" + i);
        }
        node.service.send(Audience.everyone(), "n", Map.of());
        node.settle();

        assertThat(times("notify.delivery.time")).isEqualTo(1);
        assertThat(times("notify.fanout.time")).isEqualTo(1);
        assertThat(count("notify.deliveries", "kind", "durable")).isEqualTo(50);
    }

    @Test
    void resumesAreCountedWithTheRowsTheyBringAndTheirGaps() {
        Peer before = node.connect("ann");
        String cursor = before.connected().path("position").textValue();
        before.leave();
        for (int i = 0; i < 3; i++) {
            node.service.send(Audience.user("ann"), "n", Map.of());
        }

        Peer back = node.resume("ann", cursor);
        await().until(() -> !back.session.events("gap").isEmpty());
        node.settle();

        assertThat(count("notify.resumes", "outcome", "completed")).isEqualTo(1);
        assertThat(count("notify.deliveries", "kind", "replayed")).isEqualTo(2);
        assertThat(count("notify.gaps", "reason", "limit")).isEqualTo(1);
    }

    @Test
    void noTagHoldsWhatAClientOrATokenSaid() {
        Peer ann = node.connect("ann-the-user/ROLE-X");
        ann.emit("joinRoom", "room-of-ann");
        ann.emit("event-of-ann", null);
        node.service.send(Audience.user("ann-the-user"), "event-of-host", Map.of());
        node.settle();

        Set<String> values = registry.getMeters().stream()
                .flatMap(meter -> meter.getId().getTags().stream())
                .map(Tag::getValue)
                .collect(Collectors.toSet());
        assertThat(values).noneMatch(v -> v.contains("ann") || v.contains("ROLE-X") || v.contains("of-host"));
    }

    @Test
    void aServiceThatIsClosedLeavesNothingInTheHostsRegistry() {
        List<String> names = registry.getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .toList();
        assertThat(names).isNotEmpty().allMatch(name -> name.startsWith("notify."));

        node.service.close();

        assertThat(registry.getMeters()).isEmpty();
    }
}
