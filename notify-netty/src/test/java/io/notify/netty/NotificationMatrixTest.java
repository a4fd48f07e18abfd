package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.Audience;
import io.notify.Notification;
import io.notify.Priority;
import io.notify.Receipt;
import io.notify.netty.TestClient.Heard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who receives what, in which words, and what comes back after a break, over every way in. */
class NotificationMatrixTest {
    private static final String SERVICE = TestServer.token("back-end", "SERVICE");

    private static TestServer server;

    private final String user = "user-" + UUID.randomUUID();
    private final String token = TestServer.token(user, "CUSTOMER");
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void leave() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private TestClient keep(TestClient client) {
        opened.add(0, client);
        return client;
    }

    private static JsonNode post(String body) {
        TestServer.Answer answer = server.post("/notifications", SERVICE, body);
        assertThat(answer.status()).as(answer.body()).isIn(201, 202);
        return answer.json();
    }

    // ---- audiences
    // ------------------------------------------------------------------------------------------------------

    /** Somebody whom an audience means, and somebody whom it does not, over every way in. */
    private final class Crowd {
        final Map<Way, TestClient> meant = new LinkedHashMap<>();
        final Map<Way, TestClient> others = new LinkedHashMap<>();

        Crowd(String role, String sid) {
            for (Way way : Way.values()) {
                meant.put(way, keep(way.open(server, TestServer.tokenOf(user, sid, role))));
                others.put(way, keep(way.open(server, TestServer.token("other-" + user, "OTHER"))));
            }
        }

        /** Sends to the audience and then to everyone: who hears the second without the first was not meant. */
        void hears(String audience, String event) {
            int connections = post("{\"audience\":" + audience + ",\"event\":\"" + event + "\",\"data\":{\"n\":1}}")
                    .path("connections")
                    .intValue();
            post("{\"audience\":{\"everyone\":true},\"event\":\"fence\"}");
            meant.forEach((way, client) -> {
                client.next("fence");
                assertThat(client.next(event).data().path("data")).as("%s", way).hasToString("{\"n\":1}");
            });
            others.forEach((way, client) -> {
                client.next("fence");
                assertThat(client.notifications()).as("%s", way).doesNotContain(event);
            });
            assertThat(connections).isEqualTo(meant.size());
        }
    }

    @Test
    void everyAudienceIsHeardByThoseItMeansAndByNobodyElseOverEveryWayIn() {
        String role = "ROLE-" + user;
        String sid = "session-" + user;
        Crowd crowd = new Crowd(role, sid);
        TestClient anyOfThem = crowd.meant.get(Way.PLAIN);
        anyOfThem.ask("updateLocation", Map.of("latitude", 10, "longitude", 179.9999));
        crowd.others.get(Way.POLLING).ask("updateLocation", Map.of("latitude", 11, "longitude", 179.9999));
        String circle = "\"latitude\":10,\"longitude\":-179.9999,\"radiusMeters\":1000";

        crowd.hears("{\"user\":\"" + user + "\"}", "to-user");
        crowd.hears("{\"users\":[\"nobody\",\"" + user + "\",\"" + user + "\"]}", "to-users");
        crowd.hears("{\"role\":\"" + role + "\"}", "to-role");
        crowd.hears("{\"session\":\"" + sid + "\"}", "to-session");
        crowd.hears("{\"nearby\":{" + circle + "}}", "to-nearby");
        crowd.hears("{\"nearby\":{" + circle + ",\"role\":\"" + role + "\"}}", "to-nearby-role");

        JsonNode none = post("{\"audience\":{\"nearby\":{" + circle + ",\"role\":\"NOBODY\"}},\"event\":\"to-none\"}");
        assertThat(none.path("connections").intValue()).isZero();
        post("{\"audience\":{\"everyone\":true},\"event\":\"to-everyone\"}");
        crowd.meant.values().forEach(client -> client.next("to-everyone"));
        crowd.others.values().forEach(client -> client.next("to-everyone"));
    }

    @Test
    void aRoomIsHeardByThoseInItAndByNobodyElseOverEveryTwoWay() {
        String room = "job:" + user;
        List<TestClient> inside = new ArrayList<>();
        List<TestClient> outside = new ArrayList<>();
        Way.twoWay().forEach(way -> {
            TestClient in = keep(way.open(server, token));
            in.ask("joinRoom", room);
            inside.add(in);
            outside.add(keep(way.open(server, token)));
        });
        outside.add(keep(Way.SSE.open(server, token)));

        JsonNode receipt = post("{\"audience\":{\"room\":\"" + room + "\"},\"event\":\"to-room\"}");
        post("{\"audience\":{\"user\":\"" + user + "\"},\"event\":\"fence\"}");

        assertThat(receipt.path("connections").intValue()).isEqualTo(inside.size());
        inside.forEach(client -> client.next("fence"));
        outside.forEach(client -> client.next("fence"));
        assertThat(inside).allSatisfy(c -> assertThat(c.notifications()).containsExactly("to-room", "fence"));
        assertThat(outside).allSatisfy(c -> assertThat(c.notifications()).containsExactly("fence"));
    }

    // ---- what a notification is
    // ------------------------------------------------------------------------------------------

    @Test
    void theSevenFormattedEventsReadTheSameOverEveryWayInAndInTheHistory() {
        List<TestClient> clients = new ArrayList<>();
        for (Way way : Way.values()) {
            clients.add(keep(way.open(server, token)));
        }
        for (String event : List.of(
                "booking.created",
                "booking.accepted",
                "booking.reminder",
                "booking.completed",
                "review.created",
                "nearby-job",
                "system.maintenance")) {
            post("{\"audience\":{\"user\":\"" + user + "\"},\"event\":\"" + event
                    + "\",\"data\":{\"price\":1.10,\"list\":[1,{\"a\":null}],\"text\":\"<\u00fc\u20ac\\n>\"}}");
            JsonNode first = clients.get(0).next(event).data();

            List<String> fields = new ArrayList<>();
            first.fieldNames().forEachRemaining(fields::add);
            assertThat(fields).containsExactly("id", "event", "title", "message", "data", "createdAt");
            assertThat(UUID.fromString(first.path("id").textValue()).version()).isEqualTo(7);
            assertThat(first.path("event").textValue()).isEqualTo(event);
            assertThat(first.path("title").textValue()).isNotBlank().isNotEqualTo(event);
            assertThat(first.path("message").textValue()).isNotBlank();
            assertThat(first.path("data"))
                    .hasToString("{\"price\":1.1,\"list\":[1,{\"a\":null}],\"text\":\"<\u00fc\u20ac\\n>\"}");
            for (TestClient client : clients.subList(1, clients.size())) {
                assertThat(client.next(event).data()).isEqualTo(first);
            }
            TestServer.Answer history = server.get("/notifications?limit=1", token);
            assertThat(history.body()).contains("\"price\":1.10");
            JsonNode row = history.json().path("items").get(0);
            fields.forEach(field -> assertThat(row.path(field)).isEqualTo(first.path(field)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOptionsOfASendReachTheClient(Way way) {
        TestClient client = keep(way.open(server, token));

        post("{\"audience\":{\"user\":\"" + user + "\"},\"event\":\"anything-at-all\""
                + ",\"title\":\"T\",\"message\":\"M\",\"ttlMs\":60000,\"priority\":\"high\",\"data\":{}}");

        JsonNode seen = client.next("anything-at-all").data();
        List<String> fields = new ArrayList<>();
        seen.fieldNames().forEachRemaining(fields::add);
        assertThat(fields)
                .containsExactly("id", "event", "title", "message", "data", "createdAt", "expiresAt", "priority");
        assertThat(seen.path("title").textValue()).isEqualTo("T");
        assertThat(seen.path("message").textValue()).isEqualTo("M");
        assertThat(seen.path("priority").textValue()).isEqualTo("high");
        assertThat(Duration.between(
                        java.time.Instant.parse(seen.path("createdAt").textValue()),
                        java.time.Instant.parse(seen.path("expiresAt").textValue())))
                .isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @EnumSource
    void aVolatileOneCarriesThePositionThatItsReceiverHas(Way way) {
        TestClient client = keep(way.open(server, token));
        Receipt kept = server.service.send(Audience.user(user), "kept", Map.of());

        JsonNode receipt = post("{\"audience\":{\"user\":\"" + user + "\"},\"event\":\"blink\",\"durable\":false}");

        assertThat(receipt.path("position").isNull() || receipt.path("position").isMissingNode())
                .isTrue();
        assertThat(client.next("kept").position()).isEqualTo(kept.position().toString());
        assertThat(client.next("blink").position()).isEqualTo(kept.position().toString());
        TestClient later = keep(way.resume(server, token, before(kept)));
        later.next("kept");
        assertThat(later.notifications()).containsExactly("kept");
    }

    // ---- after a break
    // ----------------------------------------------------------------------------------------------------

    private static String before(Receipt receipt) {
        return receipt.position().epoch() + "-" + (receipt.position().seq() - 1);
    }

    private Receipt send(String event) {
        return server.service.send(Audience.user(user), event, Map.of());
    }

    @Test
    void theSameCursorGivesTheSameOverEveryWayAndInTheHistory() {
        Receipt start = send("seen");
        for (int i = 0; i < 5; i++) {
            send("missed-" + i);
            server.service.send(Audience.everyone(), "all-" + i, Map.of());
            server.service.send(Audience.role("CUSTOMER"), "role-" + i, Map.of());
            server.service.send(Audience.user("somebody-else"), "foreign", Map.of());
        }
        String cursor = start.position().toString();
        List<String> expected = new ArrayList<>();
        server.get("/notifications?after=" + cursor, token)
                .json()
                .path("items")
                .forEach(row -> expected.add(
                        row.path("id").asText() + "@" + row.path("position").asText()));
        assertThat(expected).hasSize(15);

        for (Way way : Way.values()) {
            TestClient client = keep(way.resume(server, token, cursor));
            send("live");
            client.next("live");
            assertThat(client.heard().get(0).event()).isEqualTo("connected");
            assertThat(client.heard().stream()
                            .filter(Heard::isNotification)
                            .filter(h -> !h.event().equals("live"))
                            .map(h -> h.data().path("id").asText() + "@" + h.position()))
                    .as("%s", way)
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    void anEventStreamTakesItsCursorFromTheHeaderElseFromTheQuery() {
        Receipt first = send("first");
        Receipt second = send("second");
        String one = before(first);
        String two = before(second);

        TestClient byQuery =
                keep(Way.SSE.open(server, Entry.none().query("token", token).query("lastEventId", one)));
        TestClient byHeader = keep(Way.SSE.open(
                server, Entry.of(Way.SSE, token).query("lastEventId", one).header("Last-Event-ID", two)));
        send("fence");
        byQuery.next("fence");
        byHeader.next("fence");

        assertThat(byQuery.notifications()).containsExactly("first", "second", "fence");
        assertThat(byHeader.notifications()).containsExactly("second", "fence");
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeShownIsAGap(Way way) {
        for (String cursor : List.of("elsewhere-7", "no cursor", "-1")) {
            TestClient client = keep(way.resume(server, token, cursor));
            JsonNode gap = client.next("gap").data();
            assertThat(gap.path("reason").textValue()).isEqualTo("epoch");
            assertThat(gap.path("to").textValue()).matches("[a-z0-9]+-\\d+");
        }
        String epoch = send("n").position().epoch();
        TestClient ahead = keep(way.resume(server, token, epoch + "-999999999"));
        assertThat(ahead.next("gap").data().path("reason").textValue()).isEqualTo("epoch");
        send("live");
        ahead.next("live");
    }

    @ParameterizedTest
    @MethodSource("io.notify.netty.Way#socketIo")
    void roomsJoinedByHandAreBackAtOnceWithTheRecoveryId(Way way) {
        String room = "job:" + user;
        TestClient client = keep(way.open(server, token));
        client.ask("joinRoom", room);
        String cursor = client.connected().path("position").textValue();
        String pid = client.recoveryId();
        client.close();
        server.service.send(Audience.room(room), "missed", Map.of());

        TestClient again = keep(way.open(
                server, Entry.none().auth("token", token).auth("pid", pid).auth("offset", cursor)));

        assertThat(again.recoveryId()).isEqualTo(pid);
        assertThat(again.connected().path("sessionId"))
                .isEqualTo(client.connected().path("sessionId"));
        assertThat(again.connected().path("rooms"))
                .extracting(JsonNode::textValue)
                .contains(room);
        again.next("missed");
        server.service.send(Audience.room(room), "live", Map.of());
        again.next("live");
        assertThat(again.notifications()).containsExactly("missed", "live");
    }

    @ParameterizedTest
    @EnumSource
    void roomsOfATokensSessionAreBackOverAnyOtherWay(Way way) {
        String room = "job:" + user;
        String ofSession = TestServer.tokenOf(user, "sid-" + user, "CUSTOMER");
        TestClient client = keep(Way.WEBSOCKET.open(server, ofSession));
        client.ask("joinRoom", room);
        String cursor = client.connected().path("position").textValue();
        client.close();
        server.service.send(Audience.room(room), "missed", Map.of());

        TestClient again = keep(way.resume(server, ofSession, cursor));

        assertThat(again.connected().path("rooms"))
                .extracting(JsonNode::textValue)
                .contains(room);
        again.next("missed");
    }

    @ParameterizedTest
    @MethodSource("io.notify.netty.Way#socketIo")
    void anothersRecoveryIdIsANewSessionWithNoneOfTheirs(Way way) {
        String room = "job:" + user;
        TestClient client = keep(way.open(server, token));
        client.ask("joinRoom", room);
        String cursor = client.connected().path("position").textValue();
        Receipt secret = send("secret");
        client.next("secret");

        TestClient thief = keep(way.open(
                server,
                Entry.none()
                        .auth("token", TestServer.token("thief", "CUSTOMER"))
                        .auth("pid", client.recoveryId())
                        .auth("offset", cursor)));

        assertThat(thief.recoveryId()).isNotEqualTo(client.recoveryId());
        assertThat(thief.connected().path("sessionId"))
                .isNotEqualTo(client.connected().path("sessionId"));
        server.service.send(Audience.user("thief"), "fence", Map.of());
        thief.next("fence");
        assertThat(thief.notifications()).containsExactly("fence");
        assertThat(thief.connected().path("rooms"))
                .extracting(JsonNode::textValue)
                .doesNotContain(room);
        assertThat(secret.connections()).isEqualTo(1);
    }

    @Test
    void personalRoomsOfAnAdminAreNotBackForWhoIsNoLongerOne() {
        String sid = "sid-" + user;
        TestClient admin = keep(Way.PLAIN.open(server, TestServer.tokenOf(user, sid, "ADMIN")));
        admin.ask("joinRoom", "user:somebody");
        admin.ask("joinRoom", "job:" + user);
        String cursor = admin.connected().path("position").textValue();
        admin.close();
        await().until(() -> !server.service.presence().isOnline(user));

        TestClient again = keep(Way.PLAIN.resume(server, TestServer.tokenOf(user, sid, "CUSTOMER"), cursor));

        assertThat(again.connected().path("rooms"))
                .extracting(JsonNode::textValue)
                .containsExactlyInAnyOrder("user:" + user, "role:CUSTOMER", "session:" + sid, "job:" + user);
    }

    @Test
    void anEventStreamBeginsWithItsRetryAndItsPositionAndNoData() {
        SseTestClient client = (SseTestClient) keep(Way.SSE.open(server, token));

        assertThat(client.lines().subList(0, 4))
                .satisfiesExactly(
                        retry -> assertThat(retry).matches("retry: ([1-4]\\d{3}|5000)"),
                        empty -> assertThat(empty).isEmpty(),
                        id -> assertThat(id)
                                .isEqualTo("id: "
                                        + client.connected().path("position").textValue()),
                        empty -> assertThat(empty).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void priorityTravelsAsItIsNamed(Way way) {
        TestClient client = keep(way.open(server, token));
        for (Priority priority : Priority.values()) {
            server.service.send(Notification.builder(Audience.user(user), "n")
                    .priority(priority)
                    .build());
            assertThat(client.next("n").data().path("priority").asText("normal"))
                    .isEqualTo(priority.wireName());
        }
    }
}
