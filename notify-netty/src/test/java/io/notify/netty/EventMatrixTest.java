package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.Audience;
import io.notify.GeoPoint;
import io.notify.Position;
import io.notify.Receipt;
import io.notify.RoomPolicy;
import io.notify.netty.TestClient.Heard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** SPEC.md's events, room rules and error codes, each over every way in, with and without an acknowledgement. */
class EventMatrixTest {
    private static final String TWO_WAY = "io.notify.netty.Way#twoWay";
    private static final String INSTANT = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
    private static final String POSITION = "[a-z0-9]+-\\d+";

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

    private TestClient open(Way way) {
        return keep(way.open(server, token));
    }

    private TestClient openAs(Way way, String name, String... roles) {
        return keep(way.open(server, TestServer.token(name, roles)));
    }

    private <T extends AutoCloseable> T keep(T each) {
        opened.add(0, each);
        return each;
    }

    private Receipt send(String event) {
        return server.service.send(Audience.user(user), event, Map.of());
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void assertError(JsonNode error, String code, String event) {
        assertThat(fields(error)).containsExactly("code", "message", "event");
        assertThat(error.path("code").textValue()).isEqualTo(code);
        assertThat(error.path("message").textValue()).isNotBlank();
        assertThat(error.path("event").textValue()).isEqualTo(event);
    }

    // ---- what the server says by itself
    // ----------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void theServerOpensWithConnectedAndItsSevenFields(Way way) {
        TestClient client = open(way);

        JsonNode hello = client.connected();

        assertThat(client.heard().get(0).event()).isEqualTo("connected");
        assertThat(fields(hello))
                .containsExactly("userId", "roles", "sessionId", "socketId", "rooms", "position", "serverTime");
        assertThat(hello.path("userId").textValue()).isEqualTo(user);
        assertThat(hello.path("roles")).extracting(JsonNode::textValue).containsExactly("CUSTOMER");
        assertThat(hello.path("rooms"))
                .extracting(JsonNode::textValue)
                .containsExactlyInAnyOrder(
                        "user:" + user,
                        "role:CUSTOMER",
                        "session:" + hello.path("sessionId").textValue());
        assertThat(hello.path("position").textValue()).matches(POSITION);
        assertThat(client.heard().get(0).position())
                .isEqualTo(hello.path("position").textValue());
        assertThat(hello.path("serverTime").textValue()).matches(INSTANT);
        if (client instanceof SocketIoTestClient socketIo) {
            assertThat(hello.path("socketId").textValue())
                    .isEqualTo(socketIo.socketId())
                    .isNotEqualTo(socketIo.engineId());
        } else {
            assertThat(hello.path("socketId").textValue()).isNotBlank();
        }
    }

    @ParameterizedTest
    @EnumSource
    void heartbeatsComeAsAnEventAndOverSseAsAComment(Way way) {
        try (TestServer beating = new TestServer(
                        b -> b.heartbeatInterval(Duration.ofMillis(50)),
                        b -> b.sse(Duration.ofMillis(50), Duration.ofMinutes(1)));
                TestClient client = way.open(beating, token)) {
            if (client instanceof SseTestClient sse) {
                await().until(() -> sse.lines().stream().filter(":"::equals).count() >= 2);
                assertThat(sse.heard()).extracting(Heard::event).containsExactly("connected");
            } else {
                for (int i = 0; i < 2; i++) {
                    Heard beat = client.next("heartbeat");
                    assertThat(fields(beat.data())).containsExactly("timestamp");
                    assertThat(beat.data().path("timestamp").textValue()).matches(INSTANT);
                }
            }
        }
    }

    // ---- the table of events
    // --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void pingIsAnsweredByPong(Way way) {
        TestClient client = open(way);

        client.emit("ping", null);
        Heard pong = client.next("pong");
        assertThat(fields(pong.data())).containsExactly("timestamp");
        assertThat(pong.data().path("timestamp").textValue()).matches(INSTANT);

        JsonNode asked = client.ask("ping", Map.of("any", "thing"));
        assertThat(asked.path("timestamp").textValue()).matches(INSTANT);
        assertThat(client.next("pong").data()).isEqualTo(asked);
    }

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void roomsAreJoinedAndLeftByObjectOrBareName(Way way) {
        TestClient client = open(way);
        String room = "job:" + user;

        for (Object name : List.of(Map.of("room", room), room)) {
            client.emit("joinRoom", name);
            assertThat(client.next("joinedRoom").data()).hasToString("{\"room\":\"" + room + "\"}");
            assertThat(client.ask("joinRoom", name)).hasToString("{\"room\":\"" + room + "\"}");
            assertThat(client.next("joinedRoom").data()).hasToString("{\"room\":\"" + room + "\"}");
            assertThat(server.service.send(Audience.room(room), "in", Map.of()).connections())
                    .isEqualTo(1);
            client.next("in");

            client.emit("leaveRoom", name);
            assertThat(client.next("leftRoom").data()).hasToString("{\"room\":\"" + room + "\"}");
            assertThat(client.ask("leaveRoom", name)).hasToString("{\"room\":\"" + room + "\"}");
            assertThat(client.next("leftRoom").data()).hasToString("{\"room\":\"" + room + "\"}");
            assertThat(server.service.send(Audience.room(room), "out", Map.of()).connections())
                    .isZero();
        }
        assertThat(client.ask("ping", null).has("timestamp")).isTrue();
        assertThat(client.notifications()).containsExactly("in", "in");
    }

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void presenceIsToldToEverybodyAndOneUsersSessionsToAdminsOnly(Way way) {
        try (TestServer alone = new TestServer();
                TestClient client = way.open(alone, token);
                TestClient tab = way.open(alone, token);
                TestClient stream = Way.SSE.open(alone, TestServer.token("listener", "CUSTOMER"));
                TestClient admin = way.open(alone, TestServer.token("root", "ADMIN"))) {
            stream.connected();
            await().untilAsserted(() -> assertThat(client.ask("getPresence", null)
                            .path("connectionsByTransport")
                            .path(way.transport())
                            .intValue())
                    .isEqualTo(3));
            JsonNode asked = client.ask("getPresence", null);
            assertThat(fields(asked))
                    .containsExactlyInAnyOrder(
                            "onlineUsers", "usersByRole", "connections", "connectionsByTransport", "sessions");
            assertThat(asked.path("onlineUsers").intValue()).isEqualTo(3);
            assertThat(asked.path("usersByRole"))
                    .isEqualTo(TestClient.JSON.valueToTree(Map.of("ADMIN", 1, "CUSTOMER", 2)));
            assertThat(asked.path("connections").intValue()).isEqualTo(4);
            assertThat(asked.path("connectionsByTransport").path("sse").intValue())
                    .isEqualTo(1);
            assertThat(asked.path("sessions").intValue()).isEqualTo(4);
            tab.emit("getPresence", null);
            assertThat(tab.next("presenceStats").data()).isEqualTo(asked);

            JsonNode one = admin.ask("getPresence", Map.of("userId", user));
            assertThat(admin.next("presenceStats").data()).isEqualTo(one);
            assertThat(one.path("sessions"))
                    .extracting(s -> s.path("socketId").textValue())
                    .containsExactlyInAnyOrder(
                            client.connected().path("socketId").textValue(),
                            tab.connected().path("socketId").textValue());
            assertThat(one.path("sessions").get(0).path("transport").textValue())
                    .isEqualTo(way.transport());
        }
    }

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void readIsToldOnEveryConnectionOfTheUserWhateverItIs(Way way) {
        TestClient client = open(way);
        List<TestClient> others = new ArrayList<>();
        for (Way other : Way.values()) {
            others.add(open(other));
        }
        TestClient stranger = openAs(way, "stranger");
        String first = send("n").id().toString();
        String second = send("n").id().toString();

        client.emit("markNotificationRead", Map.of("notificationId", first));
        JsonNode read = client.next("notificationRead").data();
        assertThat(fields(read)).containsExactly("notificationId", "readAt");
        assertThat(read.path("notificationId").textValue()).isEqualTo(first);
        assertThat(read.path("readAt").textValue()).matches(INSTANT);
        JsonNode asked = client.ask("markNotificationRead", Map.of("notificationId", second));
        assertThat(asked.path("notificationId").textValue()).isEqualTo(second);
        assertThat(client.next("notificationRead").data()).isEqualTo(asked);

        for (TestClient other : others) {
            assertThat(other.next("notificationRead").data()).isEqualTo(read);
            assertThat(other.next("notificationRead").data()).isEqualTo(asked);
        }
        assertThat(stranger.ask("ping", null).has("timestamp")).isTrue();
        assertThat(stranger.heard()).extracting(Heard::event).doesNotContain("notificationRead");
    }

    @ParameterizedTest
    @EnumSource
    void readingByRestIsToldOnEveryConnection(Way way) {
        TestClient client = open(way);
        String id = send("n").id().toString();

        assertThat(server.post("/notifications/" + id + "/read", token, "").status())
                .isEqualTo(204);

        assertThat(client.next("notificationRead").data().path("notificationId").textValue())
                .isEqualTo(id);
    }

    @ParameterizedTest
    @EnumSource
    void readingAllByRestIsToldOnEveryConnection(Way way) {
        TestClient client = open(way);
        Set<String> ids = Set.of(send("n").id().toString(), send("n").id().toString());

        assertThat(server.post("/notifications/read-all", token, "").status()).isEqualTo(204);

        Set<String> told = Set.of(
                client.next("notificationRead").data().path("notificationId").asText(),
                client.next("notificationRead").data().path("notificationId").asText());
        assertThat(told).isEqualTo(ids);
    }

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void locationsAreAnsweredAndCountForNearby(Way way) {
        TestClient client = open(way);

        client.emit("updateLocation", Map.of("latitude", 52.52, "longitude", 13.405));
        JsonNode updated = client.next("locationUpdated").data();
        assertThat(updated.path("latitude").doubleValue()).isEqualTo(52.52);
        assertThat(updated.path("longitude").doubleValue()).isEqualTo(13.405);
        JsonNode asked = client.ask("updateLocation", Map.of("latitude", -90, "longitude", 180));
        assertThat(asked.path("latitude").doubleValue()).isEqualTo(-90);
        assertThat(client.next("locationUpdated").data()).isEqualTo(asked);

        assertThat(server.service.presence().location(user)).contains(new GeoPoint(-90, 180));
        server.service.send(Audience.nearby(new GeoPoint(-89.999, 0), 1_000), "nearby-job", Map.of());
        client.next("nearby-job");
    }

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void resumeShowsWhatWasMissedOrSaysTheGap(Way way) {
        TestClient client = open(way);
        String start = client.connected().path("position").textValue();
        Receipt receipt = send("missed");
        client.next("missed");

        client.emit("resume", Map.of("position", start));
        assertThat(client.next("missed").position())
                .isEqualTo(receipt.position().toString());
        assertThat(client.ask("resume", start))
                .hasToString("{\"position\":\""
                        + server.service
                                .send(Audience.user("nobody"), "n", Map.of())
                                .position()
                                .toString()
                                .replaceAll("-\\d+$", "")
                        + "-" + receipt.position().seq() + "\"}");
        assertThat(client.next("missed").position())
                .isEqualTo(receipt.position().toString());

        client.emit("resume", Map.of("position", "elsewhere-7"));
        JsonNode gap = client.next("gap").data();
        assertThat(fields(gap)).containsExactly("from", "to", "reason");
        assertThat(gap.path("from").textValue()).isEqualTo("elsewhere-7");
        assertThat(gap.path("to").textValue()).matches(POSITION);
        assertThat(gap.path("reason").textValue()).isEqualTo("epoch");
    }

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void ackIsAnsweredByNothingButItsAcknowledgement(Way way) {
        TestClient client = open(way);
        String position = send("n").position().toString();

        client.emit("ack", Map.of("position", position));
        assertThat(client.ask("ack", position)).hasToString("{\"position\":\"" + position + "\"}");

        assertThat(client.ask("ping", null).has("timestamp")).isTrue();
        client.next("pong");
        assertThat(client.heard()).extracting(Heard::event).containsExactly("connected", "n", "pong");
        await().untilAsserted(() -> assertThat(
                        server.get("/admin/notifications/logs?user=" + user, TestServer.token("root", "ADMIN"))
                                .json()
                                .path("items")
                                .get(0)
                                .path("delivered")
                                .booleanValue())
                .isTrue());
    }

    // ---- refusals
    // -------------------------------------------------------------------------------------------------------

    /** What is refused, with what code. */
    private record Refusal(String event, Object data, String code) {}

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void everyRefusalHasItsCodeAsAnEventAndInTheAcknowledgement(Way way) {
        TestClient client = open(way);
        String foreign = server.service
                .send(Audience.user("somebody-else"), "n", Map.of())
                .id()
                .toString();
        String epoch = client.connected().path("position").textValue().replaceAll("-\\d+$", "");
        List<Refusal> refusals = new ArrayList<>();
        for (String event : List.of("joinRoom", "leaveRoom")) {
            Map<String, Object> none = new LinkedHashMap<>();
            none.put("room", null);
            for (Object no : List.of(
                    Map.of(),
                    none,
                    List.of("job:1"),
                    7,
                    "",
                    Map.of("room", ""),
                    Map.of("room", 7),
                    "a b",
                    "job:\u0000",
                    "job:\u202e7",
                    "job:\u001b[31m",
                    "job:\r\nx",
                    "job:" + "x".repeat(252),
                    "x".repeat(10_240))) {
                refusals.add(new Refusal(event, no, "INVALID_PAYLOAD"));
            }
            refusals.add(new Refusal(event, null, "INVALID_PAYLOAD"));
        }
        for (String room : List.of("user:other", "role:ADMIN", "session:other", "closed", "job", "JOB:1")) {
            refusals.add(new Refusal("joinRoom", room, "FORBIDDEN_ROOM"));
            refusals.add(new Refusal("joinRoom", Map.of("room", room), "FORBIDDEN_ROOM"));
        }
        for (JsonNode own : client.connected().path("rooms")) {
            refusals.add(new Refusal("leaveRoom", own.textValue(), "FORBIDDEN_ROOM"));
        }
        refusals.add(new Refusal("getPresence", Map.of("userId", "somebody-else"), "UNAUTHORIZED"));
        for (Object no : List.of(Map.of(), Map.of("notificationId", 7), Map.of("notificationId", "no"), "no")) {
            refusals.add(new Refusal("markNotificationRead", no, "INVALID_PAYLOAD"));
        }
        refusals.add(new Refusal("markNotificationRead", Map.of("notificationId", foreign), "NOT_FOUND"));
        refusals.add(new Refusal(
                "markNotificationRead", Map.of("notificationId", "01890a5d-ac96-774b-bcce-b302099a8057"), "NOT_FOUND"));
        for (Object no : List.of(
                Map.of(),
                Map.of("latitude", 1),
                Map.of("longitude", 1),
                Map.of("latitude", 90.1, "longitude", 0),
                Map.of("latitude", 0, "longitude", -180.1),
                Map.of("latitude", "1", "longitude", "2"),
                List.of(1, 2))) {
            refusals.add(new Refusal("updateLocation", no, "INVALID_PAYLOAD"));
        }
        for (String event : List.of("resume", "ack")) {
            for (Object no : List.of(Map.of(), Map.of("position", 7), Map.of("position", "no"), "", "-1", 7)) {
                refusals.add(new Refusal(event, no, "INVALID_PAYLOAD"));
            }
        }
        refusals.add(new Refusal("ack", epoch + "-999999999", "INVALID_PAYLOAD"));
        refusals.add(new Refusal("ack", "elsewhere-1", "INVALID_PAYLOAD"));
        refusals.add(new Refusal("refreshToken", Map.of(), "INVALID_PAYLOAD"));
        refusals.add(new Refusal("refreshToken", Map.of("token", 7), "INVALID_PAYLOAD"));
        for (String no : List.of("", "no", "a.b.c", TestServer.token("somebody-else", "ADMIN"))) {
            refusals.add(new Refusal("refreshToken", Map.of("token", no), "UNAUTHORIZED"));
        }
        refusals.add(new Refusal("refreshToken", Map.of("token", expired()), "UNAUTHORIZED"));
        for (String no : List.of("nonsense", "connected", "joinroom", "booking.created", "")) {
            refusals.add(new Refusal(no, Map.of(), "UNKNOWN_EVENT"));
        }
        refusals.add(new Refusal("fail", Map.of(), "UNAVAILABLE"));

        for (Refusal refusal : refusals) {
            String what = refusal.toString();
            client.emit(refusal.event(), refusal.data());
            assertError(client.next("error").data(), refusal.code(), refusal.event());
            JsonNode asked = client.ask(refusal.event(), refusal.data());
            assertThat(asked.path("code").textValue()).as(what).isEqualTo(refusal.code());
            assertThat(asked.path("message").textValue()).as(what).isNotBlank();
            assertError(client.next("error").data(), refusal.code(), refusal.event());
        }
        assertThat(client.ask("ping", null).has("timestamp")).isTrue();
        client.next("pong");
        // after all this it is who and where it was
        assertThat(client.heard()).extracting(Heard::event).containsOnly("connected", "error", "pong");
        assertThat(server.service.send(Audience.user(user), "n", Map.of()).connections())
                .isEqualTo(1);
    }

    private String expired() {
        return TestServer.token(user, Duration.ofHours(-1), "CUSTOMER");
    }

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void anEventOverTheLimitIsTooLargeAndTheConnectionGoesOn(Way way) {
        TestClient client = open(way);
        Map<String, String> large = Map.of("text", "x".repeat(65 * 1024));

        client.emit("echo", large);
        assertError(client.next("error").data(), "PAYLOAD_TOO_LARGE", "echo");
        assertThat(client.ask("joinRoom", large).path("code").textValue()).isEqualTo("PAYLOAD_TOO_LARGE");

        Map<String, String> fits = Map.of("text", "x".repeat(60 * 1024));
        assertThat(client.ask("echo", fits).path("text").textValue()).hasSize(60 * 1024);
    }

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void overTheRateLimitEventsAreRefusedAndWhoKeepsOnIsCutOff(Way way) {
        try (TestServer strict = new TestServer(b -> b.rateLimit(4, Duration.ofHours(1)), b -> b);
                TestClient client = way.open(strict, token);
                TestClient second = way.open(strict, TestServer.token("calm"))) {
            for (String event : List.of("ping", "nonsense", "joinRoom", "echo")) {
                client.ask(event, Map.of());
            }
            client.emit("ping", null);
            JsonNode refused = client.next("error").data();
            while (!refused.path("code").textValue().equals("RATE_LIMITED")) {
                refused = client.next("error").data();
            }
            assertThat(fields(refused)).containsExactly("code", "message", "event", "retryAfterMs");
            assertThat(refused.path("event").textValue()).isEqualTo("ping");
            assertThat(refused.path("retryAfterMs").longValue()).isBetween(1L, 3_600_000L);
            JsonNode asked = client.ask("joinRoom", "job:1");
            assertThat(asked.path("code").textValue()).isEqualTo("RATE_LIMITED");
            assertThat(asked.path("retryAfterMs").longValue()).isBetween(1L, 3_600_000L);

            for (int i = 0; i < 30; i++) {
                client.emit("ping", null);
            }
            client.awaitEnd();
            assertThat(client.heard()).extracting(Heard::event).doesNotContain("joinedRoom");
            await().untilAsserted(() ->
                    assertThat(strict.service.presence().isOnline(user)).isFalse());
            assertThat(second.ask("ping", null).has("timestamp")).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void aLogThatIsAwayMakesEventsUnavailableAndAResumeComeBackLater(Way way) {
        AbsentLog away = new AbsentLog();
        try (TestServer broken = new TestServer(b -> b.log(away.log()), b -> b);
                TestClient client = way.open(broken, token)) {
            String id =
                    broken.service.send(Audience.user(user), "n", Map.of()).id().toString();
            String position = client.next("n").position();
            away.goAway();

            for (Refusal each : List.of(
                    new Refusal("markNotificationRead", Map.of("notificationId", id), "UNAVAILABLE"),
                    new Refusal("ack", position, "UNAVAILABLE"))) {
                client.emit(each.event(), each.data());
                assertError(client.next("error").data(), "UNAVAILABLE", each.event());
                assertThat(client.ask(each.event(), each.data()).path("code").textValue())
                        .isEqualTo("UNAVAILABLE");
                client.next("error");
            }
            assertThat(client.ask("ping", null).has("timestamp")).isTrue();
            // from the present nothing would have to be read
            Position before = new Position(
                    Position.parse(position).epoch(), Position.parse(position).seq() - 1);
            client.emit("resume", before.toString());
            assertThat(client.next("error").data().path("code").textValue()).isEqualTo("UNAVAILABLE");
            client.awaitEnd();
        }
    }

    // ---- rooms
    // ----------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void onesOwnRoomsMayBeJoinedAgainAndAnAdminMayJoinAny(Way way) {
        TestClient client = open(way);
        for (JsonNode own : client.connected().path("rooms")) {
            assertThat(client.ask("joinRoom", own.textValue()).path("room")).isEqualTo(own);
        }
        TestClient admin = openAs(way, "root-" + user, "ADMIN");
        for (String room : List.of("user:" + user, "role:PROFESSIONAL", "session:" + user, "closed")) {
            assertThat(admin.ask("joinRoom", room).path("room").textValue()).isEqualTo(room);
        }

        send("spied");
        admin.next("spied");
        assertThat(client.next("spied").data()).isNotNull();
        assertThat(server.service.presence().isOnline("role:PROFESSIONAL")).isFalse();
    }

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void namesHaveUpTo255CharactersAndAConnectionUpTo128Rooms(Way way) {
        try (TestServer open = new TestServer(b -> b.roomPolicy(RoomPolicy.all()), b -> b);
                TestClient client = way.open(open, token)) {
            String longest = "\u00fc".repeat(255);
            assertThat(client.ask("joinRoom", longest).path("room").textValue()).isEqualTo(longest);
            for (int i = 5; i <= 128; i++) {
                assertThat(client.ask("joinRoom", "room" + i).has("room")).isTrue();
            }
            assertThat(client.ask("joinRoom", "one-more").path("code").textValue())
                    .isEqualTo("FORBIDDEN_ROOM");
            assertThat(client.ask("joinRoom", "room5").has("room")).isTrue();
            assertThat(client.ask("leaveRoom", "room5").has("room")).isTrue();
            assertThat(client.ask("joinRoom", "one-more").has("room")).isTrue();
        }
    }

    // ---- custom events
    // --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void customEventsAreAnsweredInOrderAndMayEmitJoinAndEnd(Way way) {
        UnaryOperator<io.notify.NotificationService.Builder> handlers = b -> b.on("enter", (client, data) -> {
                    client.join("hall");
                    client.emit("entered", Map.of("by", client.identity().userId(), "over", client.transport()));
                    return null;
                })
                .on("bye", (client, data) -> {
                    client.disconnect();
                    return "gone";
                });
        try (TestServer hosting = new TestServer(handlers, b -> b);
                TestClient client = way.open(hosting, token)) {
            for (int i = 0; i < 20; i++) {
                client.emit("echo", Map.of("unheard", i));
                assertThat(client.ask("echo", Map.of("n", i)).path("n").intValue())
                        .isEqualTo(i);
            }
            assertThat(client.ask("echo", null).isNull()).isTrue();
            assertThat(client.ask("echo", "text").textValue()).isEqualTo("text");
            assertThat(client.heard()).extracting(Heard::event).containsExactly("connected");

            assertThat(client.ask("enter", null).isNull()).isTrue();
            assertThat(client.next("entered").data().path("by").textValue()).isEqualTo(user);
            hosting.service.send(Audience.room("hall"), "in-the-hall", Map.of());
            client.next("in-the-hall");

            client.emit("bye", null);
            client.awaitEnd();
        }
    }
}
