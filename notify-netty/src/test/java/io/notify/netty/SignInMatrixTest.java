package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.Audience;
import io.notify.NotificationService;
import io.notify.jwt.JwtAuthenticator;
import io.notify.netty.TestClient.Heard;
import io.notify.netty.TestClient.Refused;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** SPEC.md's "Signing in": where the token may stand, which one counts, and how long it lasts, over every way in. */
class SignInMatrixTest {
    private static final String TWO_WAY = "io.notify.netty.Way#twoWay";
    private static final String SOCKET_IO = "io.notify.netty.Way#socketIo";
    private static final String ANN = TestServer.token("ann", "CUSTOMER");
    private static final String BOB = TestServer.token("bob", "CUSTOMER");

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void comesInAs(String user, Way way, Entry entry) {
        try (TestClient client = way.open(server, entry)) {
            assertThat(client.connected().path("userId").textValue()).isEqualTo(user);
        }
    }

    private static void isRefused(Way way, Entry entry) {
        assertThatThrownBy(() -> way.open(server, entry).close())
                .as("%s %s", way, entry)
                .isInstanceOf(Refused.class)
                .hasMessage(way.isSocketIo() ? "UNAUTHORIZED" : "401");
    }

    private static Entry header(String token) {
        return Entry.none().header("Authorization", "Bearer " + token);
    }

    private static Entry query(String token) {
        return Entry.none().query("token", token);
    }

    // ---- where the token stands
    // ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void theTokenComesByHeaderOrQueryWithOrWithoutItsScheme(Way way) {
        comesInAs("ann", way, header(ANN));
        comesInAs("ann", way, Entry.none().header("Authorization", "bearer " + ANN));
        comesInAs("ann", way, query(ANN));
        comesInAs("ann", way, query("Bearer " + ANN));
    }

    @ParameterizedTest
    @MethodSource(SOCKET_IO)
    void theTokenComesByAuthWithOrWithoutItsScheme(Way way) {
        comesInAs("ann", way, Entry.none().auth("token", ANN));
        comesInAs("ann", way, Entry.none().auth("token", "Bearer " + ANN).auth("more", Map.of("of", "theirs")));
    }

    @Test
    void anEventStreamTakesTheTokenFromItsCookieLast() {
        comesInAs("ann", Way.SSE, Entry.none().header("Cookie", "theme=dark; access_token=" + ANN + "; x=y"));
        comesInAs("bob", Way.SSE, query(BOB).header("Cookie", "access_token=" + ANN));
        comesInAs("bob", Way.SSE, header(BOB).header("Cookie", "access_token=" + ANN));
        isRefused(Way.SSE, Entry.none().header("Cookie", "access_token=no"));
        isRefused(Way.PLAIN, Entry.none().header("Cookie", "access_token=" + ANN));
        isRefused(Way.WEBSOCKET, Entry.none().header("Cookie", "access_token=" + ANN));
    }

    @ParameterizedTest
    @EnumSource
    void theHeaderWinsOverTheQuery(Way way) {
        comesInAs("ann", way, header(ANN).query("token", BOB));
        comesInAs("ann", way, header(ANN).query("token", "no"));
        isRefused(way, header("no").query("token", ANN));
    }

    @ParameterizedTest
    @MethodSource(SOCKET_IO)
    void authWinsOverBoth(Way way) {
        for (Entry other : new Entry[] {header(BOB), query(BOB), header("no"), query("no")}) {
            comesInAs("ann", way, other.auth("token", ANN));
        }
        isRefused(way, header(ANN).query("token", ANN).auth("token", "no"));
        isRefused(way, header(ANN).auth("token", ""));
        isRefused(way, header(ANN).auth("token", 7));
        isRefused(way, header(ANN).auth("token", Map.of("token", ANN)));
    }

    /** The stock client sends its query and headers with every poll: they must not undo what {@code auth} settled. */
    @ParameterizedTest
    @EnumSource(names = {"POLLING", "POLLING_NAMESPACE", "POLLING_PATH", "UPGRADED"})
    void whoCameInByAuthStaysWhateverElseItsRequestsShow(Way way) {
        for (Entry other : new Entry[] {header("no"), query("no"), header(BOB)}) {
            try (TestClient client = way.open(server, other.auth("token", ANN))) {
                for (int i = 0; i < 5; i++) {
                    assertThat(client.ask("echo", i).intValue()).isEqualTo(i);
                }
                server.service.send(Audience.user("ann"), "n", Map.of());
                client.next("n");
            }
        }
    }

    // ---- refusals
    // -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void nobodyComesInWithoutAGoodToken(Way way) {
        isRefused(way, Entry.none());
        String forged = ANN.substring(0, ANN.lastIndexOf('.')) + BOB.substring(BOB.lastIndexOf('.'));
        String expired = TestServer.token("ann", Duration.ofMinutes(-5), "CUSTOMER");
        for (String bad : new String[] {"", " ", "no", "a.b.c", forged, expired, "Bearer", "x".repeat(5_000)}) {
            isRefused(way, query(bad));
            isRefused(way, Entry.none().header("Authorization", "Bearer " + bad.strip()));
            if (way.isSocketIo()) {
                isRefused(way, Entry.none().auth("token", bad));
            }
        }
        isRefused(way, Entry.none().header("Authorization", "Basic YW5uOnNlY3JldA=="));
    }

    @Test
    void aRefusalOverHttpIsAProblemThatAsksForABearer() {
        for (String path : new String[] {"/notifications/sse", "/notifications", "/admin/notifications/logs"}) {
            TestServer.Answer answer = server.get(path, "no");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POLLING", "POLLING_NAMESPACE", "POLLING_PATH"})
    void aRequestOfAnotherUsersTokenIs403AndTheSessionGoesOn(Way way) throws IOException {
        try (TestClient client = way.open(server, ANN)) {
            SocketIoTestClient polling = (SocketIoTestClient) client;
            String bob = "Authorization: Bearer " + BOB + "\r\n";

            assertThat(polling.poll(bob)).startsWith("403 ").contains("\"code\":4");
            assertThat(polling.push(bob, "42[\"ping\"]")).startsWith("403 ");
            assertThat(polling.push("Authorization: Bearer no\r\n", "42[\"ping\"]"))
                    .startsWith("403 ");

            assertThat(client.ask("ping", null).has("timestamp")).isTrue();
            assertThat(client.heard()).extracting(Heard::event).containsExactly("connected", "pong");
            // another token of the same user is as good
            String fresh = TestServer.token("ann", Duration.ofHours(2));
            assertThat(polling.push("Authorization: Bearer " + fresh + "\r\n", "3"))
                    .isEqualTo("200 ok");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKET", "POLLING", "UPGRADED"})
    void bothNamespacesOfOneConnectionAreOneUsers(Way way) throws IOException {
        try (TestClient client = way.open(server, ANN)) {
            SocketIoTestClient socketIo = (SocketIoTestClient) client;
            assertThat(socketIo.joinOther("/ws/notifications", BOB)).contains("\"UNAUTHORIZED\"");
            assertThat(client.ask("ping", null).has("timestamp")).isTrue();
            assertThat(socketIo.joinOther("/ws/notifications", ANN)).contains("\"sid\"");
        }
    }

    // ---- how long it lasts
    // -----------------------------------------------------------------------------------------------

    private static TestServer at(TestClock clock) {
        UnaryOperator<NotificationService.Builder> service = b -> b.clock(clock)
                .authenticator(JwtAuthenticator.builder()
                        .hmacSecret(TestServer.SECRET)
                        .clock(clock)
                        .build());
        return new TestServer(service, b -> b.clock(clock));
    }

    private static String token(TestClock clock, String user, long seconds) {
        return TestServer.token(user, clock.instant().plusSeconds(seconds), "CUSTOMER");
    }

    /** One client over each way, in the order of the ways. */
    private static Map<Way, TestClient> everyWay(TestServer server, Predicate<Way> which, String token) {
        Map<Way, TestClient> clients = new EnumMap<>(Way.class);
        Arrays.stream(Way.values()).filter(which).forEach(way -> clients.put(way, way.open(server, token)));
        return clients;
    }

    private static String inMillis(Instant instant) {
        return instant.toString().replace("Z", ".000Z");
    }

    @Test
    void theEndIsAnnounced30SecondsAheadAndKeptWithinASecondOverEveryWay() {
        TestClock clock = new TestClock();
        try (TestServer timed = at(clock);
                TestClient before = Way.PLAIN.open(timed, token(clock, "before", 99));
                TestClient after = Way.PLAIN.open(timed, token(clock, "after", 3_600))) {
            String end = inMillis(clock.instant().plusSeconds(100));
            Map<Way, TestClient> clients = everyWay(timed, way -> true, token(clock, "ann", 100));

            clock.advance(Duration.ofSeconds(69));
            before.next("tokenExpiring");
            timed.service.send(Audience.everyone(), "still", Map.of());
            clients.forEach((way, client) -> {
                client.next("still");
                assertThat(client.heard())
                        .as("%s", way)
                        .extracting(Heard::event)
                        .containsExactly("connected", "still");
            });

            clock.advance(Duration.ofSeconds(1));
            clients.forEach(
                    (way, client) -> assertThat(client.next("tokenExpiring").data())
                            .as("%s", way)
                            .hasToString("{\"expiresAt\":\"" + end + "\"}"));

            clock.advance(Duration.ofSeconds(29));
            before.awaitEnd();
            timed.service.send(Audience.everyone(), "last", Map.of());
            clients.forEach((way, client) -> client.next("last"));

            clock.advance(Duration.ofSeconds(1));
            clients.values().forEach(TestClient::awaitEnd);
            await().until(() -> !timed.service.presence().isOnline("ann"));
            timed.service.send(Audience.everyone(), "over", Map.of());
            after.next("over");
            clients.forEach((way, client) -> assertThat(client.heard())
                    .as("%s", way)
                    .extracting(Heard::event)
                    .containsExactly("connected", "still", "tokenExpiring", "last"));
            assertThat(after.heard()).extracting(Heard::event).doesNotContain("tokenExpiring");
        }
    }

    @Test
    void aTokenWithUnder30SecondsLeftIsAnnouncedAtOnceOverEveryWay() {
        TestClock clock = new TestClock();
        try (TestServer timed = at(clock)) {
            String end = inMillis(clock.instant().plusSeconds(29));
            everyWay(timed, way -> true, token(clock, "ann", 29)).forEach((way, client) -> {
                assertThat(client.next("tokenExpiring").data())
                        .as("%s", way)
                        .hasToString("{\"expiresAt\":\"" + end + "\"}");
                client.close();
            });
        }
    }

    @Test
    void aNewTokenOfTheSameUserProlongsInPlaceAndAnothersDoesNotOverEveryTwoWay() {
        TestClock clock = new TestClock();
        try (TestServer timed = at(clock);
                TestClient old = Way.SSE.open(timed, token(clock, "old", 40))) {
            Map<Way, TestClient> clients = everyWay(timed, way -> way != Way.SSE, token(clock, "ann", 40));
            String later = inMillis(clock.instant().plusSeconds(900));
            clients.forEach((way, client) -> {
                JsonNode anothers = client.ask("refreshToken", Map.of("token", token(clock, "bob", 900)));
                assertThat(anothers.path("code").textValue()).as("%s", way).isEqualTo("UNAUTHORIZED");
                client.emit("refreshToken", Map.of("token", "Bearer " + token(clock, "ann", 900)));
                JsonNode refreshed = client.next("tokenRefreshed").data();
                assertThat(refreshed).as("%s", way).hasToString("{\"expiresAt\":\"" + later + "\"}");
                assertThat(client.ask("refreshToken", Map.of("token", token(clock, "ann", 900))))
                        .isEqualTo(refreshed);
            });

            clock.advance(Duration.ofSeconds(100));
            old.awaitEnd();
            timed.service.send(Audience.user("ann"), "after-the-first-token", Map.of());
            clients.forEach((way, client) -> {
                client.next("after-the-first-token");
                assertThat(client.ask("ping", null).has("timestamp"))
                        .as("%s", way)
                        .isTrue();
                assertThat(client.heard()).extracting(Heard::event).doesNotContain("tokenExpiring");
            });

            clock.advance(Duration.ofSeconds(770));
            clients.forEach((way, client) -> client.next("tokenExpiring"));
            clock.advance(Duration.ofSeconds(30));
            clients.values().forEach(TestClient::awaitEnd);
        }
    }

    @ParameterizedTest
    @MethodSource(TWO_WAY)
    void aNewTokenBringsItsRolesAndTakesTheOldOnes(Way way) {
        try (TestClient client = way.open(server, TestServer.token("changing", "ADMIN"))) {
            assertThat(client.ask("joinRoom", "user:somebody").has("room")).isTrue();

            client.ask("refreshToken", Map.of("token", TestServer.token("changing", "PROFESSIONAL")));

            assertThat(client.ask("getPresence", Map.of("userId", "x"))
                            .path("code")
                            .textValue())
                    .isEqualTo("UNAUTHORIZED");
            server.service.send(Audience.role("ADMIN"), "old", Map.of());
            server.service.send(Audience.user("somebody"), "no-longer", Map.of());
            server.service.send(Audience.role("PROFESSIONAL"), "new", Map.of());
            client.next("new");
            assertThat(client.notifications()).containsExactly("new");
        }
    }
}
