package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.notify.TestNode.Answers;
import io.notify.TestNode.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientEventsTest {
    private final TestNode node = new TestNode(b -> b.rateLimit(20, Duration.ofSeconds(5))
            .roomPolicy(RoomPolicy.matching(List.of("job:*", "lobby")))
            .on("sum", (client, data) -> data.path("a").asInt() + data.path("b").asInt())
            .on("fail", (client, data) -> {
                throw new IllegalStateException("secret detail");
            })
            .on("echo", (client, data) -> {
                client.emit("echoed", Map.of("from", client.identity().userId()));
                return null;
            }));

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void theServerOpensWithConnected() {
        Peer ann = node.connect("ann/CUSTOMER");

        JsonNode hello = ann.connected();

        assertThat(hello.path("userId").textValue()).isEqualTo("ann");
        assertThat(hello.path("roles").get(0).textValue()).isEqualTo("CUSTOMER");
        assertThat(hello.path("sessionId").textValue()).isEqualTo(ann.sessionId);
        assertThat(hello.path("socketId").textValue()).isEqualTo(ann.session.id());
        assertThat(hello.path("rooms"))
                .extracting(JsonNode::textValue)
                .containsExactlyInAnyOrder("user:ann", "role:CUSTOMER", "session:" + ann.sessionId);
        assertThat(Position.parse(hello.path("position").textValue()).seq()).isZero();
        assertThat(hello.path("serverTime").textValue()).isEqualTo("2026-11-24T10:00:00.000Z");
    }

    @Test
    void pingIsAnsweredByPong() {
        Answers answers = node.connect("ann").emit("ping", null);

        assertThat(answers.name()).isEqualTo("pong");
        assertThat(answers.data().path("timestamp").textValue()).isEqualTo("2026-11-24T10:00:00.000Z");
    }

    @Test
    void allowedRoomsAreJoinedByObjectOrBareNameAndLeft() {
        Peer ann = node.connect("ann");

        assertThat(ann.emit("joinRoom", Map.of("room", "job:7")).name()).isEqualTo("joinedRoom");
        Answers lobby = ann.emit("joinRoom", "lobby");
        assertThat(lobby.name()).isEqualTo("joinedRoom");
        assertThat(lobby.data().path("room").textValue()).isEqualTo("lobby");
        node.service.send(Audience.room("job:7"), "n", Map.of());
        await().until(() -> ann.session.notifications().size() == 1);

        Answers left = ann.emit("leaveRoom", Map.of("room", "job:7"));
        assertThat(left.name()).isEqualTo("leftRoom");
        assertThat(node.service.send(Audience.room("job:7"), "n", Map.of()).connections())
                .isZero();
    }

    @Test
    void roomsOfOthersAndRoomsNotAllowedAreForbidden() {
        Peer ann = node.connect("ann/CUSTOMER");

        for (String room : List.of("user:bob", "role:ADMIN", "session:x", "private")) {
            Answers answers = ann.emit("joinRoom", Map.of("room", room));
            assertThat(answers.name()).isEqualTo("error");
            assertThat(answers.data().path("code").textValue()).isEqualTo("FORBIDDEN_ROOM");
            assertThat(answers.data().path("event").textValue()).isEqualTo("joinRoom");
        }
        assertThat(ann.emit("leaveRoom", "user:ann").data().path("code").textValue())
                .isEqualTo("FORBIDDEN_ROOM");
        assertThat(ann.emit("joinRoom", "user:ann").name()).isEqualTo("joinedRoom");
    }

    @Test
    void anAdminMayJoinAnyRoom() {
        Peer admin = node.connect("root/ADMIN");

        assertThat(admin.emit("joinRoom", "user:bob").name()).isEqualTo("joinedRoom");
        node.service.send(Audience.user("bob"), "n", Map.of());

        await().until(() -> admin.session.notifications().size() == 1);
        assertThat(node.service.presence().isOnline("bob")).isFalse();
    }

    @Test
    void roomNamesThatAreNoNamesAreInvalid() {
        Peer ann = node.connect("ann");

        for (Object room : List.of(Map.of(), Map.of("room", 7), "", "a b", "x".repeat(256), "job:\u202e7", 5)) {
            assertThat(ann.emit("joinRoom", room).data().path("code").textValue())
                    .isEqualTo("INVALID_PAYLOAD");
        }
    }

    @Test
    void oneConnectionJoinsAtMost128Rooms() {
        try (TestNode open =
                new TestNode(b -> b.roomPolicy(RoomPolicy.all()).rateLimit(1_000, Duration.ofSeconds(5)))) {
            Peer ann = open.connect("ann");
            int joined = 0;
            for (int i = 0; i < 200; i++) {
                if (ann.emit("joinRoom", "room" + i).name().equals("joinedRoom")) {
                    joined++;
                }
            }
            assertThat(joined).isEqualTo(126); // beside user: and session:
            assertThat(ann.emit("joinRoom", "room0").name()).isEqualTo("joinedRoom");
        }
    }

    @Test
    void roomsJoinedByHandComeBackWithAResume() {
        Peer ann = node.connect("ann");
        ann.emit("joinRoom", "job:9");
        String recoveryId = node.service.gateway().recoveryId(ann.connection.identity(), ann.sessionId);
        String cursor = ann.connected().path("position").textValue();
        ann.leave();
        await().until(() -> node.service.health().rooms() == 0);
        node.service.send(Audience.room("job:9"), "missed", Map.of());
        Peer again = node.connect("ann", new RecordingSession(), cursor, recoveryId);

        await().untilAsserted(
                        () -> assertThat(NotificationServiceTest.names(again)).containsExactly("missed"));
        assertThat(again.sessionId).isEqualTo(ann.sessionId);
    }

    @Test
    void anotherUserWhoseTokenNamesTheSameSessionHasNoneOfItsRooms() {
        TestNode.Peer ann = node.connectInSession("ann", "shared", null);
        ann.emit("joinRoom", "job:9");
        String cursor = ann.connected().path("position").textValue();

        TestNode.Peer eve = node.connectInSession("eve", "shared", cursor);
        await().until(() -> eve.session.last("connected") != null);

        assertThat(eve.connected().path("rooms").toString()).doesNotContain("job:9");
        TestNode.Peer annAgain = node.connectInSession("ann", "shared", cursor);
        await().until(() -> annAgain.session.last("connected") != null);
        assertThat(annAgain.connected().path("rooms").toString()).contains("job:9");
    }

    @Test
    void theServicesOwnEventsAreNoHostsToAnswer() {
        for (String event : List.of("ping", "joinRoom", "ack", "refreshToken")) {
            assertThatThrownBy(() -> NotificationService.builder().on(event, (client, data) -> null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("event: " + event);
        }
    }

    @Test
    void aHostsMapperShapesItsOwnValuesAndNoneOfOurs() {
        ObjectMapper snakes = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        record Answer(int firstValue) {}
        try (TestNode hosting =
                new TestNode(b -> b.objectMapper(snakes).on("value", (client, data) -> new Answer(1)))) {
            Peer ann = hosting.connect("ann/CUSTOMER/20");

            Answers value = ann.emit("value", null);
            await().until(() -> !value.acknowledgements.isEmpty());
            assertThat(value.acknowledgement()).hasToString("{\"first_value\":1}");
            assertThat(ann.emit("getPresence", null).data().has("onlineUsers")).isTrue();
            await().until(() -> !ann.session.events("tokenExpiring").isEmpty());
            assertThat(ann.session.last("tokenExpiring")).hasToString("{\"expiresAt\":\"2026-11-24T10:00:20.000Z\"}");
        }
    }

    @Test
    void beyondTheRateLimitWhatIsNoEventIsRefusedLikeOne() {
        Peer ann = node.connect("ann");
        for (int i = 0; i < 20; i++) {
            assertThat(ann.malformed().data().path("code").textValue()).isEqualTo("INVALID_PAYLOAD");
        }
        JsonNode refused = ann.malformed().data();
        assertThat(refused.path("code").textValue()).isEqualTo("RATE_LIMITED");
        assertThat(refused.path("retryAfterMs").longValue()).isBetween(1L, 5_000L);
        assertThat(refused.has("event")).isFalse();
    }

    @Test
    void anothersRecoveryIdGivesANewSession() {
        Peer ann = node.connect("ann");
        String recoveryId = node.service.gateway().recoveryId(ann.connection.identity(), ann.sessionId);

        Peer eve = node.connect("eve", new RecordingSession(), "x-1", recoveryId);

        assertThat(eve.sessionId).isNotEqualTo(ann.sessionId);
    }

    @Test
    void presenceIsToldToEverybodyAndOneUsersSessionsToAdminsOnly() {
        node.connect("ann/CUSTOMER");
        node.connect("ann/CUSTOMER");
        Peer admin = node.connect("root/ADMIN");

        JsonNode stats = admin.emit("getPresence", null).data();
        assertThat(stats.path("onlineUsers").intValue()).isEqualTo(2);
        assertThat(stats.path("usersByRole").path("CUSTOMER").intValue()).isEqualTo(1);
        assertThat(stats.path("connections").intValue()).isEqualTo(3);
        assertThat(stats.path("connectionsByTransport").path("plain-websocket").intValue())
                .isEqualTo(3);
        assertThat(stats.path("sessions").intValue()).isEqualTo(3);

        assertThat(admin.emit("getPresence", Map.of("userId", "ann")).data().path("sessions"))
                .hasSize(2);
        assertThat(node.connect("bob")
                        .emit("getPresence", Map.of("userId", "ann"))
                        .data()
                        .path("code")
                        .textValue())
                .isEqualTo("UNAUTHORIZED");
    }

    @Test
    void readIsToldOnEveryConnectionOfTheUserAndForeignIdsAreNotFound() {
        Peer one = node.connect("ann");
        Peer two = node.connect("ann");
        Peer bob = node.connect("bob");
        String id = node.service.send(Audience.user("ann"), "n", Map.of()).id().toString();

        Answers answers = one.emit("markNotificationRead", Map.of("notificationId", id));

        await().until(() -> !answers.acknowledgements.isEmpty());
        for (Peer peer : List.of(one, two)) {
            await().until(() -> !peer.session.events("notificationRead").isEmpty());
            assertThat(peer.session
                            .last("notificationRead")
                            .path("notificationId")
                            .textValue())
                    .isEqualTo(id);
            assertThat(peer.session.last("notificationRead").path("readAt").textValue())
                    .isNotBlank();
        }
        Answers foreign = bob.emit("markNotificationRead", Map.of("notificationId", id));
        await().until(() -> !foreign.events.isEmpty());
        assertThat(foreign.data().path("code").textValue()).isEqualTo("NOT_FOUND");
        assertThat(bob.emit("markNotificationRead", Map.of("notificationId", "x"))
                        .data()
                        .path("code")
                        .textValue())
                .isEqualTo("INVALID_PAYLOAD");
    }

    @Test
    void locationsAreCheckedAndAnswered() {
        Peer ann = node.connect("ann");

        assertThat(ann.emit("updateLocation", Map.of("latitude", 1.5, "longitude", 2.5))
                        .name())
                .isEqualTo("locationUpdated");
        assertThat(node.service.presence().location("ann")).contains(new GeoPoint(1.5, 2.5));
        for (Object bad : List.of(
                Map.of("latitude", 91, "longitude", 0),
                Map.of("latitude", "1", "longitude", 0),
                Map.of("latitude", 1))) {
            assertThat(ann.emit("updateLocation", bad).data().path("code").textValue())
                    .isEqualTo("INVALID_PAYLOAD");
        }
    }

    @Test
    void resumeShowsWhatWasMissedAndAcknowledges() {
        Peer ann = node.connect("ann");
        String cursor = ann.connected().path("position").textValue();
        node.service.send(Audience.user("ann"), "n", Map.of());
        await().until(() -> ann.session.notifications().size() == 1);

        Answers answers = ann.emit("resume", Map.of("position", cursor));

        await().until(() -> !answers.acknowledgements.isEmpty());
        assertThat(ann.session.notifications()).hasSize(2);
        assertThat(answers.acknowledgement().path("position").textValue()).endsWith("-1");
        assertThat(ann.emit("resume", Map.of("position", "nonsense"))
                        .data()
                        .path("code")
                        .textValue())
                .isEqualTo("INVALID_PAYLOAD");
    }

    @Test
    void acknowledgingBeyondTheEndIsRefused() {
        Peer ann = node.connect("ann");
        Position position =
                node.service.send(Audience.user("ann"), "n", Map.of()).position();

        Answers within = ann.emit("ack", Map.of("position", position.toString()));
        Answers beyond = ann.emit("ack", Map.of("position", NotificationServiceTest.at(position, 99)));

        await().until(() -> !within.acknowledgements.isEmpty() && !beyond.events.isEmpty());
        assertThat(within.events).isEmpty();
        assertThat(beyond.data().path("code").textValue()).isEqualTo("INVALID_PAYLOAD");
    }

    @Test
    void aTokenThatEndsIsAnnouncedThenEndsTheConnection() {
        Peer ann = node.connect("ann/CUSTOMER/100");
        node.clock.advance(Duration.ofSeconds(60));
        node.settle();
        assertThat(ann.session.events("tokenExpiring")).isEmpty();

        node.clock.advance(Duration.ofSeconds(11));
        await().until(() -> ann.session.events("tokenExpiring").size() == 1);
        assertThat(ann.session.closeReason()).isNull();

        node.clock.advance(Duration.ofSeconds(30));
        await().until(() -> ann.session.closeReason() == CloseReason.TOKEN_EXPIRED);
    }

    @Test
    void aTokenWithLittleTimeLeftIsAnnouncedAtOnce() {
        Peer ann = node.connect("ann/CUSTOMER/20");

        await().until(() -> ann.session.events("tokenExpiring").size() == 1);
    }

    @Test
    void aNewTokenOfTheSameUserProlongsInPlace() {
        Peer ann = node.connect("ann/CUSTOMER/20");

        Answers refused = ann.emit("refreshToken", Map.of("token", "bob/CUSTOMER/900"));
        Answers bad = ann.emit("refreshToken", Map.of("token", "bad"));
        Answers renewed = ann.emit("refreshToken", Map.of("token", "ann/PROFESSIONAL/900"));

        await().until(() -> !renewed.events.isEmpty());
        assertThat(refused.data().path("code").textValue()).isEqualTo("UNAUTHORIZED");
        assertThat(bad.data().path("code").textValue()).isEqualTo("UNAUTHORIZED");
        assertThat(renewed.name()).isEqualTo("tokenRefreshed");
        assertThat(renewed.data().path("expiresAt").textValue()).isEqualTo("2026-11-24T10:15:00.000Z");
        assertThat(node.service.presence().stats().usersByRole()).containsExactlyEntriesOf(Map.of("PROFESSIONAL", 1));
        node.clock.advance(Duration.ofSeconds(60));
        node.service.send(Audience.role("PROFESSIONAL"), "n", Map.of());
        await().until(() -> ann.session.notifications().size() == 1);
        assertThat(ann.session.closeReason()).isNull();
    }

    @Test
    void beyondTheRateLimitEventsAreRefusedAndWhoKeepsOnIsDisconnected() {
        Peer ann = node.connect("ann");
        for (int i = 0; i < 20; i++) {
            assertThat(ann.emit("ping", null).name()).isEqualTo("pong");
        }

        Answers refused = ann.emit("ping", null);
        assertThat(refused.data().path("code").textValue()).isEqualTo("RATE_LIMITED");
        assertThat(refused.data().path("retryAfterMs").longValue()).isBetween(1L, 5_000L);
        for (int i = 0; i < 101; i++) {
            ann.emit("ping", null);
        }
        assertThat(ann.session.closeReason()).isEqualTo(CloseReason.RATE_LIMITED);
    }

    @Test
    void customEventsAreAnsweredAndTheirFaultsStayInside() {
        Peer ann = node.connect("ann");

        Answers sum = ann.emit("sum", Map.of("a", 2, "b", 3));
        Answers fail = ann.emit("fail", null);
        Answers unknown = ann.emit("nope", null);
        ann.emit("echo", null);

        await().until(() -> !sum.acknowledgements.isEmpty() && !fail.events.isEmpty());
        assertThat(sum.acknowledgements).containsExactly("5");
        assertThat(fail.data().path("code").textValue()).isEqualTo("UNAVAILABLE");
        assertThat(fail.data().toString()).doesNotContain("secret");
        assertThat(unknown.data().path("code").textValue()).isEqualTo("UNKNOWN_EVENT");
        await().until(() -> !ann.session.events("echoed").isEmpty());
        assertThat(ann.session.closeReason()).isNull();
    }

    @Test
    void heartbeatsGoToTwoWayConnectionsOnly() {
        try (TestNode beating = new TestNode(b -> b.heartbeatInterval(Duration.ofMillis(20)))) {
            Peer ws = beating.connect("ann");
            Peer sse = beating.connect("bob", new RecordingSession(Transport.SSE, 1_000), null, null);

            await().until(() -> ws.session.events("heartbeat").size() >= 2);
            assertThat(ws.session.last("heartbeat").path("timestamp").textValue())
                    .isNotBlank();
            assertThat(sse.session.events("heartbeat")).isEmpty();
        }
    }

    @Test
    void presenceListenersAreToldOfTheFirstAndTheLastConnection() throws Exception {
        List<String> told = new java.util.concurrent.CopyOnWriteArrayList<>();
        AutoCloseable registration = node.service.presence().listen(new PresenceListener() {
            @Override
            public void online(String userId) {
                told.add("+" + userId);
            }

            @Override
            public void offline(String userId) {
                told.add("-" + userId);
            }
        });
        Peer one = node.connect("ann");
        Peer two = node.connect("ann");
        one.leave();
        two.leave();

        await().untilAsserted(() -> assertThat(told).containsExactly("+ann", "-ann"));
        assertThat(node.service.presence().lastSeen("ann")).contains(node.clock.instant());
        registration.close();
    }

    @Test
    void nobodyComesInWithoutAToken() {
        Gateway gateway = node.service.gateway();

        for (String token : new String[] {null, "", "  ", "Bearer ", "bad", "Bearer bad"}) {
            assertThatThrownBy(() ->
                            gateway.authenticate(token).toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(AuthenticationException.class);
        }
        assertThat(gateway.authenticate("Bearer ann")
                        .toCompletableFuture()
                        .join()
                        .userId())
                .isEqualTo("ann");
        assertThat(gateway.authenticate("bearer  ann")
                        .toCompletableFuture()
                        .join()
                        .roles())
                .isEqualTo(Set.of());
    }

    @Test
    void nothingIsLeftOfConnectionsThatCameAndWent() {
        for (int i = 0; i < 2_000; i++) {
            Peer peer = node.connect("user" + i + "/CUSTOMER/1000");
            peer.emit("joinRoom", "job:" + i);
            peer.leave();
        }

        PresenceStats stats = node.service.presence().stats();
        assertThat(stats.onlineUsers()).isZero();
        assertThat(stats.usersByRole()).isEmpty();
        assertThat(stats.connections()).isZero();
        assertThat(stats.sessions()).isZero();
        assertThat(node.service.health().rooms()).isZero();
    }
}
