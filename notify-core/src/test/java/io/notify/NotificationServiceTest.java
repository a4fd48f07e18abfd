package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.TestNode.Peer;
import io.notify.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NotificationServiceTest {
    private final TestNode node = new TestNode();

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aUserReceivesOnEveryConnectionWhatWasSentAndNobodyElseDoes() {
        Peer phone = node.connect("ann");
        Peer laptop = node.connect("ann");
        Peer other = node.connect("bob");

        Receipt receipt = node.service.send(Audience.user("ann"), "booking.created", Map.of("bookingId", 7));

        assertThat(receipt.connections()).isEqualTo(2);
        assertThat(receipt.duplicate()).isFalse();
        assertThat(receipt.id().version()).isEqualTo(7);
        node.settle();
        for (Peer peer : List.of(phone, laptop)) {
            await().until(() -> peer.session.notifications().size() == 1);
            JsonNode seen = peer.session.last("booking.created");
            assertThat(seen.path("id").textValue()).isEqualTo(receipt.id().toString());
            assertThat(seen.path("event").textValue()).isEqualTo("booking.created");
            assertThat(seen.path("data").path("bookingId").intValue()).isEqualTo(7);
            assertThat(seen.path("createdAt").textValue()).isEqualTo("2026-11-24T10:00:00.000Z");
            assertThat(seen.path("title").textValue()).isNotBlank();
            assertThat(seen.has("expiresAt")).isFalse();
            assertThat(seen.has("priority")).isFalse();
        }
        assertThat(other.session.notifications()).isEmpty();
    }

    @Test
    void everyAudienceReachesItsConnectionsAndOnlyThose() {
        Peer ann = node.connect("ann/CUSTOMER");
        Peer bob = node.connect("bob/PROFESSIONAL");
        Peer cyd = node.connect("cyd/CUSTOMER");

        node.service.send(Audience.users(List.of("ann", "bob", "ann")), "e.users", Map.of());
        node.service.send(Audience.role("CUSTOMER"), "e.role", Map.of());
        node.service.send(Audience.session(bob.sessionId), "e.session", Map.of());
        node.service.send(Audience.everyone(), "e.everyone", Map.of());
        node.settle();

        await().untilAsserted(() -> {
            assertThat(names(ann)).containsExactly("e.users", "e.role", "e.everyone");
            assertThat(names(bob)).containsExactly("e.users", "e.session", "e.everyone");
            assertThat(names(cyd)).containsExactly("e.role", "e.everyone");
        });
    }

    @Test
    void aPreviewIsWhatASendWouldBringAndSendsNothing() {
        Peer ann = node.connect("ann/CUSTOMER");
        node.connect("ann/CUSTOMER");
        Notification notification = Notification.builder(Audience.users(List.of("ann", "bob")), "booking.created")
                .data(Map.of("bookingId", 7))
                .build();

        Preview preview = node.service.preview(notification);
        Receipt receipt = node.service.send(notification);
        node.settle();

        assertThat(preview.users()).isEqualTo(2);
        assertThat(preview.connections()).isEqualTo(2).isEqualTo(receipt.connections());
        await().until(() -> !ann.session.notifications().isEmpty());
        assertThat(ann.session.notifications()).hasSize(1);
        String received = new String(ann.session.notifications().get(0).data(), StandardCharsets.UTF_8);
        String previewed = new String(preview.payload(), StandardCharsets.UTF_8);
        assertThat(previewed.replaceFirst("\"id\":\"[^\"]*\"", ""))
                .isEqualTo(received.replaceFirst("\"id\":\"[^\"]*\"", ""));
        assertThat(node.service.preview(
                        Notification.builder(Audience.everyone(), "e").build()))
                .returns(0, Preview::users)
                .returns(2, Preview::connections);
        assertThatThrownBy(() -> node.service.preview(Notification.builder(Audience.user("ann"), "e")
                        .data(List.of("no object"))
                        .build()))
                .isInstanceOf(InvalidNotificationException.class);
    }

    @Test
    void aStoryGrowsFromWaitingToReadAndNamesTheConnectionsThatTookIt() {
        Receipt receipt = node.service.send(Audience.user("ann"), "booking.created", Map.of("bookingId", 7));
        assertThat(story(receipt).outcome()).isEqualTo(Story.Outcome.WAITING);
        assertThat(story(receipt).takers()).isEmpty();

        Peer ann = node.resume("ann", new Position(receipt.position().epoch(), 0).toString());
        await().until(() -> story(receipt).outcome() == Story.Outcome.DELIVERED);
        Story delivered = story(receipt);
        assertThat(delivered.stored().connections()).isEqualTo(1);
        assertThat(delivered.takers())
                .containsExactly(new Story.Taker(
                        "ann", ann.sessionId, ann.session.id(), Transport.PLAIN_WEBSOCKET, node.clock.instant()));

        ann.emit("ack", Map.of("position", receipt.position().toString()));
        await().until(() -> story(receipt).outcome() == Story.Outcome.ACKNOWLEDGED);
        ann.emit("markNotificationRead", Map.of("notificationId", receipt.id().toString()));
        await().until(() -> story(receipt).outcome() == Story.Outcome.READ);
        assertThat(node.service
                        .archive()
                        .story(UUID.randomUUID())
                        .toCompletableFuture()
                        .join())
                .isEmpty();
    }

    @Test
    void aStorySaysWhyNobodyGotIt() {
        Receipt brief = node.service.send(Notification.builder(Audience.user("ann"), "e")
                .timeToLive(Duration.ofSeconds(5))
                .collapseKey("k")
                .build());
        Receipt first = node.service.send(
                Notification.builder(Audience.user("bob"), "e").collapseKey("k").build());
        node.service.send(
                Notification.builder(Audience.user("bob"), "e").collapseKey("k").build());
        assertThat(story(brief).outcome()).isEqualTo(Story.Outcome.WAITING);

        node.clock.advance(Duration.ofSeconds(5));

        assertThat(story(brief).outcome()).isEqualTo(Story.Outcome.EXPIRED);
        assertThat(story(first).outcome()).isEqualTo(Story.Outcome.REPLACED);
    }

    @Test
    void aStoryOfABroadcastNamesTheFirstConnectionsAndCountsAll() {
        for (int i = 0; i < 30; i++) {
            node.connect("user-" + i);
        }
        Receipt receipt = node.service.send(Audience.everyone(), "e", Map.of());

        await().until(() -> story(receipt).stored().connections() == 30);
        assertThat(story(receipt).takers()).hasSize(16);
    }

    @Test
    void whichConnectionsTookItIsRememberedOfLateAndHowManyForEver() {
        node.connect("ann");
        Receipt first = node.service.send(Audience.user("ann"), "e", Map.of());
        await().until(() -> story(first).takers().size() == 1);

        for (int i = 0; i < 1_100; i++) {
            node.service.send(Audience.user("ann"), "e", Map.of("i", i));
        }

        await().until(() -> story(first).takers().isEmpty());
        assertThat(story(first).stored().connections()).isEqualTo(1);
        assertThat(story(first).outcome()).isEqualTo(Story.Outcome.DELIVERED);
    }

    private Story story(Receipt receipt) {
        return node.service
                .archive()
                .story(receipt.id())
                .toCompletableFuture()
                .join()
                .orElseThrow();
    }

    @Test
    void whoIsOnlineIsListedWithTheirRoomsAndCanBeDisconnected() {
        Peer ann = node.connect("ann/CUSTOMER");
        Peer laptop = node.connect("ann/CUSTOMER");
        Peer bob = node.connect("bob");
        node.onLane(() -> null);

        List<OnlineUser> all = online("");
        assertThat(all).extracting(OnlineUser::userId).containsExactlyInAnyOrder("ann", "bob");
        OnlineUser listed = online("ANN").get(0);
        assertThat(listed.roles()).containsExactly("CUSTOMER");
        assertThat(listed.sessions())
                .extracting(SessionInfo::socketId)
                .containsExactlyInAnyOrder(ann.session.id(), laptop.session.id());
        assertThat(listed.sessions().get(0).rooms()).contains("user:ann", "role:CUSTOMER");
        assertThat(online("nobody")).isEmpty();
        assertThat(node.service.presence().online("", 1).toCompletableFuture().join())
                .hasSize(1);

        assertThat(node.service.presence().disconnect("bob", ann.session.id())).isFalse();
        assertThat(node.service.presence().disconnect("ann", ann.session.id())).isTrue();
        node.settle();
        assertThat(ann.session.closeReason()).isEqualTo(CloseReason.DISCONNECTED);
        assertThat(laptop.session.closeReason()).isNull();
        assertThat(bob.session.closeReason()).isNull();
        assertThatThrownBy(() -> node.service.presence().online("", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private List<OnlineUser> online(String text) {
        return node.service.presence().online(text, 100).toCompletableFuture().join();
    }

    @Test
    void nearbyReachesWhoStandsWithinTheRadiusWhenItIsSent() {
        Peer near = node.connect("near/PROFESSIONAL");
        Peer far = node.connect("far/PROFESSIONAL");
        near.emit("updateLocation", Map.of("latitude", 52.5200, "longitude", 13.4050));
        far.emit("updateLocation", Map.of("latitude", 48.1372, "longitude", 11.5756));
        node.service.presence().updateLocation("offline", new GeoPoint(52.5201, 13.4051));

        Receipt receipt = node.service.send(
                Audience.nearby(new GeoPoint(52.5, 13.4), 5_000), "nearby-job", Map.of("jobId", "j1"));

        assertThat(receipt.connections()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(names(near)).containsExactly("nearby-job"));
        assertThat(names(far)).isEmpty();
        Peer later = node.resume("offline", at(receipt.position(), 0));
        await().untilAsserted(() -> assertThat(names(later)).containsExactly("nearby-job"));
    }

    @Test
    void aVolatileNotificationHasNoPositionAndIsNotKept() {
        Peer ann = node.connect("ann");
        Position before =
                node.service.send(Audience.user("ann"), "kept", Map.of()).position();

        Receipt receipt = node.service.send(Notification.builder(Audience.user("ann"), "blink")
                .data(Map.of())
                .volatileDelivery()
                .build());

        assertThat(receipt.position()).isNull();
        assertThat(receipt.connections()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(names(ann)).containsExactly("kept", "blink"));
        assertThat(ann.session.events("blink").get(0).position()).isEqualTo(before);
        Peer later = node.resume("ann", at(before, 0));
        await().untilAsserted(() -> assertThat(names(later)).containsExactly("kept"));
    }

    @Test
    void whoWasAwayGetsWhatWasMissedInOrderAndOnce() {
        Peer first = node.connect("ann");
        String cursor = first.connected().path("position").textValue();
        first.leave();
        for (int i = 0; i < 20; i++) {
            node.service.send(Audience.user("ann"), "n", Map.of("i", i));
        }

        Peer second = node.resume("ann", cursor);

        await().until(() -> second.session.notifications().size() == 20);
        assertThat(second.session.notifications())
                .extracting(e -> RecordingSession.json(e).path("data").path("i").intValue())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(second.session.events().get(0).name()).isEqualTo("connected");
        assertThat(second.session.events("gap")).isEmpty();
    }

    @Test
    void aCursorOfAnotherEpochIsToldOfTheGap() {
        Peer peer = node.resume("ann", "otherepoch-5");

        await().until(() -> !peer.session.events("gap").isEmpty());
        assertThat(peer.session.last("gap").path("reason").textValue()).isEqualTo("epoch");
        assertThat(peer.session.last("gap").path("from").textValue()).isEqualTo("otherepoch-5");
    }

    @Test
    void whatIsPublishedWhileSomebodyResumesArrivesOnceAndInOrder() {
        Peer first = node.connect("ann");
        String cursor = first.connected().path("position").textValue();
        int total = 300;
        Thread sender = new Thread(() -> {
            for (int i = 0; i < total; i++) {
                node.service.send(Audience.user("ann"), "n", Map.of("i", i));
            }
        });
        sender.start();
        List<Peer> peers = new java.util.ArrayList<>();
        for (int i = 0; i < 30; i++) {
            peers.add(node.resume("ann", cursor));
        }
        for (Peer peer : peers) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> peer.session.notifications().size() >= total);
            assertThat(peer.session.notifications())
                    .extracting(
                            e -> RecordingSession.json(e).path("data").path("i").intValue())
                    .hasSize(total)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void whatHasExpiredIsNotDelivered() {
        Peer ann = node.connect("ann");
        String cursor = ann.connected().path("position").textValue();
        node.service.send(Notification.builder(Audience.user("ann"), "short")
                .data(Map.of())
                .timeToLive(Duration.ofSeconds(10))
                .build());
        await().untilAsserted(() -> assertThat(names(ann)).containsExactly("short"));
        assertThat(ann.session.last("short").path("expiresAt").textValue()).isEqualTo("2026-11-24T10:00:10.000Z");

        node.clock.advance(Duration.ofSeconds(11));
        node.service.send(Audience.user("ann"), "after", Map.of());

        Peer later = node.resume("ann", cursor);
        await().untilAsserted(() -> assertThat(names(later)).containsExactly("after"));
    }

    @Test
    void theSameKeyAndContentIsADuplicateAndOtherContentAConflict() {
        Notification booking = keyed("k1", 1);

        Receipt first = node.service.send(booking);
        Receipt second = node.service.send(keyed("k1", 1));

        assertThat(second.duplicate()).isTrue();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.position()).isEqualTo(first.position());
        assertThatThrownBy(() -> node.service.send(keyed("k1", 2)))
                .isInstanceOfSatisfying(
                        SendRefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(SendRefusedException.Reason.IDEMPOTENCY_CONFLICT));
    }

    private static Notification keyed(String key, int value) {
        return Notification.builder(Audience.user("ann"), "n")
                .data(Map.of("v", value))
                .idempotencyKey("shop", key)
                .build();
    }

    @Test
    void dataThatIsNoObjectOrTooLargeIsRefusedByNameBeforeAnythingIsStored() {
        Position before = node.service.send(Audience.user("ann"), "n", Map.of()).position();

        assertThatThrownBy(() -> node.service.send(Audience.user("ann"), "n", List.of(1)))
                .isInstanceOfSatisfying(
                        InvalidNotificationException.class,
                        e -> assertThat(e.field()).isEqualTo("data"));
        assertThatThrownBy(() -> node.service.send(Audience.user("ann"), "n", Map.of("x", "y".repeat(70_000))))
                .isInstanceOf(InvalidNotificationException.class)
                .hasMessageContaining("65536");

        assertThat(node.service
                        .send(Audience.user("ann"), "n", Map.of())
                        .position()
                        .seq())
                .isEqualTo(before.seq() + 1);
    }

    @Test
    void rawDataReachesTheClientByteForByte() {
        Peer ann = node.connect("ann");
        String raw = "{\"price\":1.10,\"big\":123456789012345678901234567890}";

        node.service.send(Notification.builder(Audience.user("ann"), "n")
                .data(new RawJson(raw.getBytes(StandardCharsets.UTF_8)))
                .build());

        await().until(() -> !ann.session.notifications().isEmpty());
        assertThat(new String(ann.session.notifications().get(0).data(), StandardCharsets.UTF_8))
                .contains("\"data\":" + raw);
    }

    @Test
    void oneBadItemRefusesTheWholeBatchNamingIt() {
        Notification good = Notification.builder(Audience.user("ann"), "n").build();
        Notification bad =
                Notification.builder(Audience.user("ann"), "n").data(List.of()).build();

        assertThatThrownBy(() -> node.service.sendAllAsync(List.of(good, bad)).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        InvalidNotificationException.class,
                        e -> assertThat(e.field()).isEqualTo("notifications[1].data"));
        Peer ann = node.connect("ann");
        assertThat(ann.connected().path("position").textValue()).endsWith("-0");
        assertThat(node.service.sendAllAsync(List.of(good, good)).join())
                .extracting(r -> r.position().seq())
                .containsExactly(1L, 2L);
    }

    @Test
    void aClosedServiceRefusesAndGivesBackItsThreads() {
        node.service.close();

        assertThatThrownBy(() -> node.service.send(Audience.user("ann"), "n", Map.of()))
                .isInstanceOfSatisfying(
                        SendRefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(SendRefusedException.Reason.CLOSED));
    }

    @Test
    void aConnectionThatFallsBehindIsClosedAndResumesWithoutLoss() {
        RecordingSession slow = new RecordingSession(Transport.PLAIN_WEBSOCKET, 4);
        Peer peer = node.connect("ann", slow, null, null);
        for (int i = 0; i < 10; i++) {
            node.service.send(Audience.user("ann"), "n", Map.of("i", i));
        }
        await().until(() -> slow.closeReason() == CloseReason.TOO_SLOW);
        List<OutboundEvent> got = slow.notifications();

        Peer again = node.resume("ann", got.get(got.size() - 1).position().toString());

        await().until(() -> again.session.notifications().size() == 10 - got.size());
        assertThat(peer.session.notifications()).hasSize(3);
    }

    @Test
    void deliveryIsWrittenBackToTheLog() {
        node.connect("ann");
        node.service.send(Audience.user("ann"), "seen", Map.of());
        node.service.send(Audience.user("nobody"), "unseen", Map.of());

        LogFilter all = new LogFilter(null, null, null, null, null, null, null, null, null, 10);
        await().untilAsserted(() -> assertThat(node.service
                        .archive()
                        .logs(all)
                        .toCompletableFuture()
                        .join()
                        .rows())
                .extracting(LogRow::event, LogRow::delivered)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("unseen", false),
                        org.assertj.core.groups.Tuple.tuple("seen", true)));
    }

    static List<String> names(Peer peer) {
        return peer.session.notifications().stream().map(OutboundEvent::name).toList();
    }

    static String at(Position position, long seq) {
        return position.epoch() + "-" + seq;
    }
}
