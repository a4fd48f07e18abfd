package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.notify.Audience;
import io.notify.jwt.JwtAuthenticator;
import io.notify.netty.TestServer.Answer;
import io.notify.netty.http.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What strangers and signed-in users say that they may not: tokens, origins, names, rooms, cursors, JSON. */
@Timeout(60)
class HostileContentTest {
    private static final String ANN = TestServer.token("ann", "CUSTOMER");
    private static final String ADMIN = TestServer.token("root", "ADMIN");
    private static final String SERVICE = TestServer.token("shop", "SERVICE");
    private static final String AUDIENCE = "notifications.example";

    @RegisterExtension
    static final Target target = new Target(
            b -> b.maxRooms(20)
                    .authenticator(JwtAuthenticator.builder()
                            .hmacSecret(TestServer.SECRET)
                            .build()),
            b -> b.connectionLimits(1_000_000, 1_000_000, 1_000_000));

    // ---- handlers
    // --------------------------------------------------------------------------------------------------------

    @Test
    void aHandlerThatThrowsIsAnErrorToThatClientAndOneLineInTheLog() throws Exception {
        try (Logs logs = new Logs(Level.WARN)) {
            RawClient client = target.socketIo(ANN);
            assertThat(client.text("42[\"fail\",{}]").readFrame())
                    .startsWith("text:42[\"error\",{\"code\":\"UNAVAILABLE\"")
                    .contains("\"event\":\"fail\"")
                    .doesNotContain("on purpose");
            assertThat(client.text("421[\"echo\",\"still here\"]").readFrame()).contains("still here");
            assertThat(logs.lines()).hasSize(1);
        }
    }

    // ---- tokens
    // ----------------------------------------------------------------------------------------------------------

    static Stream<String> forged() throws Exception {
        String claims = "{\"sub\":\"ann\",\"roles\":[\"ADMIN\"],\"exp\":"
                + Instant.now().plusSeconds(600).getEpochSecond() + "}";
        Algorithm key = Algorithm.HMAC256(TestServer.SECRET);
        var good = JWT.create().withSubject("ann").withExpiresAt(Instant.now().plusSeconds(600));
        List<String> tokens = new ArrayList<>();
        for (String alg : List.of("none", "None", "NONE", "", "HS384", "RS256")) {
            tokens.add(unsigned("{\"alg\":\"" + alg + "\",\"typ\":\"JWT\"}", claims) + ".");
            tokens.add(unsigned("{\"alg\":\"" + alg + "\"}", claims) + ".c2lnbmF0dXJl");
        }
        tokens.add(unsigned("{\"alg\":\"HS256\",\"alg\":\"none\"}", claims) + ".");
        tokens.add(JWT.create()
                .withSubject("ann")
                .withExpiresAt(Instant.now().plusSeconds(600))
                .sign(Algorithm.HMAC256("another-secret-0123456789-0123456789")));
        for (String kid : List.of("../../../dev/null", "' OR 1=1--", "/etc/passwd", "a\0b")) {
            tokens.add(good.withKeyId(kid).sign(key));
        }
        for (String header : List.of("jku", "x5u")) {
            tokens.add(JWT.create()
                    .withHeader(Map.of(header, "http://127.0.0.1:1/keys"))
                    .withSubject("ann")
                    .withExpiresAt(Instant.now().plusSeconds(600))
                    .sign(key));
        }
        tokens.add(JWT.create()
                .withHeader(Map.of("crit", List.of("exp")))
                .withSubject("ann")
                .withExpiresAt(Instant.now().plusSeconds(600))
                .sign(key));
        tokens.add("x".repeat(7_000));
        tokens.add(".".repeat(5_000));
        tokens.add(ANN + "x");
        tokens.add(ANN + "." + ANN);
        return tokens.stream();
    }

    @ParameterizedTest
    @MethodSource("forged")
    void aForgedTokenIsRefusedOnEveryWayIn(String token) throws IOException {
        assertRefused(target, token);
    }

    @Test
    void aPublicKeyIsNoSecret() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        var claims = JWT.create().withSubject("ann").withExpiresAt(Instant.now().plusSeconds(600));
        try (TestServer server = new TestServer(
                b -> b.authenticator(JwtAuthenticator.builder().publicKey(key).build()), b -> b)) {
            for (byte[] secret : List.of(
                    key.getEncoded(),
                    pem.getBytes(StandardCharsets.US_ASCII),
                    pem.strip().getBytes(StandardCharsets.US_ASCII),
                    key.getModulus().toByteArray())) {
                assertThat(server.get("/notifications", claims.sign(Algorithm.HMAC256(secret)))
                                .status())
                        .isEqualTo(401);
            }
            assertThat(server.get(
                                    "/notifications",
                                    claims.sign(Algorithm.RSA256(
                                            key, (java.security.interfaces.RSAPrivateKey) pair.getPrivate())))
                            .status())
                    .isEqualTo(200);
        }
    }

    static Stream<String> untimely() {
        Algorithm key = Algorithm.HMAC256(TestServer.SECRET);
        Instant now = Instant.now();
        return Stream.of(
                JWT.create().withSubject("ann").sign(key),
                JWT.create()
                        .withSubject("ann")
                        .withExpiresAt(now.minusSeconds(61))
                        .sign(key),
                JWT.create()
                        .withSubject("ann")
                        .withExpiresAt(now.plusSeconds(600))
                        .withNotBefore(now.plusSeconds(300))
                        .sign(key),
                JWT.create().withSubject("ann").withClaim("exp", "tomorrow").sign(key),
                JWT.create().withSubject("ann").withClaim("exp", Long.MAX_VALUE).sign(key),
                JWT.create().withExpiresAt(now.plusSeconds(600)).sign(key));
    }

    @ParameterizedTest
    @MethodSource("untimely")
    void aTokenWithoutATimeOrOutOfItIsRefusedOnEveryWayIn(String token) throws IOException {
        assertRefused(target, token);
    }

    @Test
    void aTokenForOthersIsRefused() {
        try (TestServer server = new TestServer(
                b -> b.authenticator(JwtAuthenticator.builder()
                        .hmacSecret(TestServer.SECRET)
                        .audience(AUDIENCE)
                        .build()),
                b -> b)) {
            var claims =
                    JWT.create().withSubject("ann").withExpiresAt(Instant.now().plusSeconds(600));
            Algorithm key = Algorithm.HMAC256(TestServer.SECRET);
            assertThat(server.get("/notifications", claims.sign(key)).status()).isEqualTo(401);
            assertThat(server.get("/notifications", claims.withAudience("other").sign(key))
                            .status())
                    .isEqualTo(401);
            assertThat(server.get(
                                    "/notifications",
                                    claims.withAudience(AUDIENCE).sign(key))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aConnectionEndsWithinASecondOfItsTokensEnd() throws Exception {
        Instant end = Instant.now().plusSeconds(2);
        String token = JWT.create().withSubject("ann").withExpiresAt(end).sign(Algorithm.HMAC256(TestServer.SECRET));
        RawClient plain = target.plain(token);
        RawClient socketIo = target.socketIo(token);
        RawClient stream = target.client().get("/notifications/sse?token=" + token);

        assertThat(Target.closing(plain)).isEqualTo("close:1008");
        assertThat(Target.closing(socketIo)).isIn("close:1000", "end");
        assertThat(stream.readToEnd()).contains("tokenExpiring");

        // exp counts in whole seconds
        assertThat(Instant.now()).isBetween(end.minusSeconds(1), end.plusSeconds(1));
        assertThat(target.client().get("/notifications?token=" + token).readAnswer())
                .startsWith("401 ");
    }

    @Test
    void severalTokensAreNone() throws IOException {
        String other = TestServer.token("eve");
        assertThat(target.client()
                        .get("/notifications?token=" + ANN + "&token=" + other)
                        .readAnswer())
                .startsWith("401 ");
        assertThat(target.client()
                        .send("GET /notifications HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + ANN
                                + "\r\nAuthorization: Bearer " + other + "\r\n\r\n")
                        .readAnswer())
                .startsWith("401 ");
        RawClient socket = target.client();
        socket.upgrade("/socket.io/?EIO=4&transport=websocket&token=" + ANN + "&token=" + other);
        socket.readFrame();
        assertThat(socket.text("40").readFrame()).contains("UNAUTHORIZED");
        // a semicolon begins no parameter
        assertThat(target.client().get("/notifications?a=1;token=" + ANN).readAnswer())
                .startsWith("401 ");
    }

    private static void assertRefused(Target at, String token) throws IOException {
        assertThat(at.client()
                        .send("GET /notifications HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                        .readAnswer())
                .matches("(?s)40[01] .*");
        for (String path : List.of("/notifications", "/notifications/sse", "/admin/notifications/logs")) {
            assertThat(at.client().get(path + "?token=" + token).readAnswer())
                    .as(path)
                    .startsWith("401 ");
        }
        assertThat(at.client().upgrade("/ws/notifications?token=" + token)).startsWith("HTTP/1.1 401 ");
        RawClient socketIo = at.engine();
        socketIo.text("40" + "{\"token\":\"" + token + "\"}");
        assertThat(socketIo.readFrame()).startsWith("text:44{").contains("UNAUTHORIZED");
    }

    private static String unsigned(String header, String claims) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    }

    // ---- sessions
    // --------------------------------------------------------------------------------------------------------

    @Test
    void aGuessedSidAndOneChosenByCookieAreRefusedAndASessionIsItsUsers() throws IOException {
        RawClient chooser = target.client();
        chooser.send(
                "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nCookie: io=chosen; sid=chosen\r\n\r\n");
        assertThat(chooser.readAnswer()).doesNotContain("chosen").matches("200 0\\{\"sid\":\"[A-Za-z0-9_-]{24}\".*");
        assertThat(target.client()
                        .get("/socket.io/?EIO=4&transport=polling&sid=chosen")
                        .readAnswer())
                .startsWith("400 {\"code\":1,");

        String session = target.polling();
        target.client().post(session, "40{\"token\":\"" + ANN + "\"}").readAnswer();
        assertThat(target.client()
                        .get(session + "&token=" + TestServer.token("eve"))
                        .readAnswer())
                .startsWith("403 {\"code\":4,");
        assertThat(target.client()
                        .post(session + "&token=" + TestServer.token("eve"), "42[\"ping\"]")
                        .readAnswer())
                .startsWith("403 ");
        assertThat(target.client()
                        .upgrade(session.replace("polling", "websocket") + "&token=" + TestServer.token("eve")))
                .startsWith("HTTP/1.1 403 ");
        assertThat(target.client().get(session + "&token=" + ANN).readAnswer()).startsWith("200 40{");
    }

    @Test
    void aTransportIsOneUsersForItsLife() throws IOException {
        RawClient client = target.socketIo(ANN);
        client.text("40/ws/notifications,{\"token\":\"" + TestServer.token("eve") + "\"}");
        assertThat(client.readFrame()).startsWith("text:44/ws/notifications,").contains("UNAUTHORIZED");

        client.text("40/ws/notifications,{\"token\":\"" + ANN + "\"}");
        assertThat(client.readFrame()).startsWith("text:40/ws/notifications,{");
    }

    @Test
    void anothersRecoveryIdBringsNothingOfTheirsAndAnExpiredTokenNothingAtAll() throws IOException {
        RawClient ann = target.engine();
        ann.text("40{\"token\":\"" + ANN + "\"}");
        String pid = ann.readFrame().split("\"pid\":\"")[1].split("\"")[0];
        String connected = ann.readFrame();
        String offset = connected.split("\"position\":\"")[1].split("\"")[0];
        String annsSession = connected.split("\"sessionId\":\"")[1].split("\"")[0];
        ann.close();
        target.server().service.send(Audience.user("ann"), "secret", Map.of("for", "ann alone"));

        RawClient eve = target.engine();
        eve.text("40{\"token\":\"" + TestServer.token("eve") + "\",\"pid\":\"" + pid + "\",\"offset\":\"" + offset
                + "\"}");
        assertThat(eve.readFrame()).startsWith("text:40{").doesNotContain(pid);
        assertThat(eve.readFrame()).contains("\"connected\"").doesNotContain(annsSession);
        assertThat(eve.text("420[\"ping\"]").readFrame()).contains("\"pong\"");

        RawClient late = target.engine();
        late.text("40{\"token\":\"" + TestServer.token("ann", Duration.ofSeconds(-61)) + "\",\"pid\":\"" + pid
                + "\",\"offset\":\"" + offset + "\"}");
        assertThat(late.readFrame()).startsWith("text:44{").contains("UNAUTHORIZED");

        RawClient again = target.engine();
        again.text("40{\"token\":\"" + ANN + "\",\"pid\":\"" + pid + "\",\"offset\":\"" + offset + "\"}");
        assertThat(again.readFrame()).contains(pid);
        assertThat(again.readFrame()).contains(annsSession);
        assertThat(again.readFrame()).contains("ann alone");
    }

    // ---- origins
    // ---------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "http://a.evil.example",
                "http://evil.example#a",
                "http://aa",
                "http://a:3001",
                "file://",
                "http://a@evil.example",
                "http://evil.example/http://a",
                ""
            })
    void aForeignOriginIs403EverywhereAndNeverReflected(String origin) throws IOException {
        for (String path : List.of(
                "/socket.io/?EIO=4&transport=polling",
                "/notifications/sse?token=" + ANN,
                "/notifications/sse/test",
                "/admin/notifications/logs?token=" + ADMIN,
                "/notifications?token=" + ANN,
                "/health")) {
            assertForeign(target.client()
                    .send("GET " + path + " HTTP/1.1\r\nHost: a\r\nOrigin: " + origin + "\r\n\r\n")
                    .readHead());
        }
        for (String path : List.of("/socket.io/?EIO=4&transport=websocket", "/ws/notifications?token=" + ANN)) {
            assertForeign(target.client()
                    .send("GET " + path + " HTTP/1.1\r\nHost: a\r\nOrigin: " + origin
                            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n")
                    .readHead());
        }
        assertForeign(target.client()
                .send("OPTIONS /admin/notifications/broadcast HTTP/1.1\r\nHost: a\r\nOrigin: " + origin
                        + "\r\nAccess-Control-Request-Method: POST\r\n\r\n")
                .readHead());
    }

    private static void assertForeign(String head) {
        assertThat(head).startsWith("HTTP/1.1 403 ").doesNotContainIgnoringCase("access-control-");
    }

    @Test
    void aPageThatRebindsItsNameComesInWithNothing() throws IOException {
        String rebound = " HTTP/1.1\r\nHost: evil.example:3000\r\nOrigin: http://evil.example:3000\r\n";
        for (String path : List.of("/notifications", "/notifications/sse", "/admin/notifications/logs")) {
            assertThat(target.client().send("GET " + path + rebound + "\r\n").readHead())
                    .startsWith("HTTP/1.1 401 ");
        }
        assertThat(target.client()
                        .send("POST /dev/notifications/test" + rebound + "Content-Length: 0\r\n\r\n")
                        .readHead())
                .startsWith("HTTP/1.1 401 ");
    }

    // ---- secrets
    // ---------------------------------------------------------------------------------------------------------

    @Test
    void aTokenInTheQueryIsInNoLogAnswerOrMetric() throws Exception {
        String canary = "canary" + "7f3a9c".repeat(3);
        String signed = JWT.create()
                .withSubject("ann")
                .withClaim("note", canary)
                .withExpiresAt(Instant.now().plusSeconds(3))
                .sign(Algorithm.HMAC256(TestServer.SECRET));
        String payload = signed.split("\\.")[1];
        StringBuilder told = new StringBuilder();
        try (Logs logs = new Logs(Level.TRACE)) {
            for (String token : List.of(canary, signed)) {
                for (String path : List.of(
                        "/notifications",
                        "/notifications/" + "x/read",
                        "/notifications/sse/nowhere",
                        "/admin/notifications/logs",
                        "/admin/notifications/stats",
                        "/nowhere",
                        "/ws/notifications",
                        "/socket.io/")) {
                    told.append(target.client().get(path + "?token=" + token).readAnswer());
                    told.append(
                            target.client().post(path + "?token=" + token, "{").readAnswer());
                    told.append(target.client().get(path + "?token=%zz" + token).readAnswer());
                }
                RawClient socket = target.client();
                told.append(socket.upgrade("/socket.io/?EIO=4&transport=websocket&token=" + token));
                told.append(socket.readFrame());
                told.append(socket.text("40").readFrame());
                told.append(Target.closing(socket.text("4nonsense")));
                RawClient plain = target.client();
                told.append(plain.upgrade("/ws/notifications?token=" + token));
                plain.text("{\"event\":\"fail\"}").text("nonsense");
                RawClient stream = target.client();
                told.append(stream.get("/notifications/sse?token=" + token).readHead());
                target.client().get("/notifications?token=" + token + "\0").readAnswer();
            }
            told.append(target.client().get("/health").readAnswer());
            told.append(target.client().get("/metrics").readAnswer());
            assertThat(told).doesNotContain(canary).doesNotContain(payload);
            assertThat(logs.lines()).noneMatch(line -> line.contains(canary) || line.contains(payload));
        }
    }

    // ---- names and text
    // --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\nb",
                "a\\rb",
                "a\\u0000b",
                "\\u001b[31mred",
                "a\\u202eb",
                "a\\u2066b",
                "a\\u200bb",
                "a\\u0085b",
                "a\\u2028b",
                "a b",
                "\\ufeffa"
            })
    void namesHoldNothingInvisible(String name) throws Exception {
        try (Logs logs = new Logs(Level.DEBUG)) {
            for (String body : List.of(
                    "{\"audience\":{\"user\":\"%s\"},\"event\":\"n\"}",
                    "{\"audience\":{\"users\":[\"%s\"]},\"event\":\"n\"}",
                    "{\"audience\":{\"room\":\"%s\"},\"event\":\"n\"}",
                    "{\"audience\":{\"role\":\"%s\"},\"event\":\"n\"}",
                    "{\"audience\":{\"session\":\"%s\"},\"event\":\"n\"}",
                    "{\"audience\":{\"everyone\":true},\"event\":\"%s\"}",
                    "{\"audience\":{\"everyone\":true},\"event\":\"n\",\"collapseKey\":\"%s\"}")) {
                Answer answer = target.server().post("/notifications", SERVICE, body.formatted(name));
                assertThat(answer.status()).as(body).isEqualTo(400);
                assertThat(answer.json().path("field").textValue()).isNotBlank();
            }
            RawClient client = target.plain(ANN);
            client.text("{\"event\":\"joinRoom\",\"data\":{\"room\":\"" + name + "\"}}");
            assertThat(client.readFrame()).contains("INVALID_PAYLOAD");
            client.text("{\"event\":\"" + name + "\"}");
            assertThat(client.readFrame()).contains("UNKNOWN_EVENT");
            String user = unsigned("{\"alg\":\"HS256\"}", "{\"sub\":\"" + name + "\",\"exp\":9999999999}");
            String token = user + "."
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(Algorithm.HMAC256(TestServer.SECRET)
                                    .sign(
                                            user.split("\\.")[0].getBytes(StandardCharsets.US_ASCII),
                                            user.split("\\.")[1].getBytes(StandardCharsets.US_ASCII)));
            assertThat(target.client().get("/notifications?token=" + token).readAnswer())
                    .startsWith("401 ");
            assertThat(logs.lines()).allMatch(HostileContentTest::isOneVisibleLine);
        }
    }

    @Test
    void dataCannotEndAnEventOfAStreamOrBeginAnother() throws IOException {
        RawClient stream = target.client().get("/notifications/sse?token=" + ANN);
        stream.readHead();
        for (String lineEnd : List.of("\n", "\r", "\r\n")) {
            String data = "{" + lineEnd + lineEnd + "\"event: forged" + "\\n\\nevent: forged\\ndata: {}\":" + lineEnd
                    + "\"\\r\\rid: forged-9\"" + lineEnd + "}";
            assertThat(target.server()
                            .post(
                                    "/notifications",
                                    SERVICE,
                                    "{\"audience\":{\"user\":\"ann\"},\"event\":\"n\",\"data\":" + data + "}")
                            .status())
                    .isEqualTo(201);
        }
        target.server().service.send(Audience.user("ann"), "last", Map.of());
        StringBuilder seen = new StringBuilder();
        byte[] buffer = new byte[4_096];
        while (seen.indexOf("event: last") < 0) {
            int read = stream.socket().getInputStream().read(buffer);
            assertThat(read).isPositive();
            seen.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        }

        assertThat(seen.toString().lines().filter(line -> line.startsWith("event:")))
                .containsExactly("event: connected", "event: n", "event: n", "event: n", "event: last");
        assertThat(seen.toString().lines().filter(line -> line.startsWith("id:")))
                .noneMatch(line -> line.contains("forged"));
        assertThat(seen.indexOf("\r")).isNegative();
    }

    // ---- rooms and limits
    // ------------------------------------------------------------------------------------------------

    @Test
    void othersRoomsLongNamesAndTooManyRoomsAreRefused() throws IOException {
        for (RawClient client : List.of(target.plain(ANN))) {
            for (String room :
                    List.of("user:other", "role:ADMIN", "session:1", "admin", "everyone", "user:", "room:user:other")) {
                client.text("{\"event\":\"joinRoom\",\"data\":{\"room\":\"" + room + "\"}}");
                assertThat(client.readFrame()).as(room).contains("FORBIDDEN_ROOM");
            }
            client.text("{\"event\":\"joinRoom\",\"data\":\"job:" + "x".repeat(10_000) + "\"}");
            assertThat(client.readFrame()).contains("INVALID_PAYLOAD");
            client.text("{\"event\":\"joinRoom\",\"data\":[\"job:1\"]}");
            assertThat(client.readFrame()).contains("INVALID_PAYLOAD");
            int joined = 0;
            for (int i = 0; i < 10_000 && joined == i; i++) {
                client.text("{\"event\":\"joinRoom\",\"data\":\"job:" + i + "\"}");
                joined += client.readFrame().contains("joinedRoom") ? 1 : 0;
            }
            // of 20 in all; its own are user, role and session
            assertThat(joined).isEqualTo(17);
        }
    }

    @Test
    void rightsThatEndWithATokenEndWithItsSuccessorToo() throws IOException {
        RawClient client = target.plain(TestServer.token("ann", "ADMIN"));
        client.text("{\"event\":\"joinRoom\",\"data\":\"user:other\"}");
        assertThat(client.readFrame()).contains("joinedRoom");
        client.text("{\"event\":\"joinRoom\",\"data\":\"job:1\"}");
        assertThat(client.readFrame()).contains("joinedRoom");
        client.text("{\"event\":\"refreshToken\",\"data\":{\"token\":\"" + ANN + "\"}}");
        assertThat(client.readFrame()).contains("tokenRefreshed");
        target.server().service.send(Audience.user("other"), "secret", Map.of());
        target.server().service.send(Audience.room("job:1"), "allowed", Map.of());

        assertThat(client.readFrame()).contains("\"allowed\"");
    }

    @Test
    void onceDemotedOrAsSomebodyElseASessionsRoomsDoNotComeBack() throws Exception {
        String sid = "one-device";
        RawClient admin = target.engine();
        admin.text("40{\"token\":\"" + ofSession("ann", sid, "ADMIN") + "\"}");
        admin.readFrame();
        String offset = admin.readFrame().split("\"position\":\"")[1].split("\"")[0];
        admin.text("420[\"joinRoom\",\"user:other\"]").text("421[\"joinRoom\",\"job:1\"]");
        for (int i = 0; i < 4; i++) {
            admin.readFrame();
        }
        admin.close();
        target.server().service.send(Audience.user("other"), "secret", Map.of());
        target.server().service.send(Audience.room("job:1"), "allowed", Map.of());

        assertThat(resumed(ofSession("ann", sid), offset))
                .anyMatch(frame -> frame.contains("\"allowed\""))
                .noneMatch(frame -> frame.contains("\"secret\""));
        assertThat(resumed(ofSession("eve", sid), offset))
                .noneMatch(frame -> frame.contains("\"allowed\"") || frame.contains("\"secret\""));
        assertThat(target.client()
                        .get("/notifications?token=" + ofSession("eve", sid))
                        .readAnswer())
                .doesNotContain("\"allowed\"")
                .doesNotContain("\"secret\"");
    }

    private static String ofSession(String user, String sid, String... roles) {
        return JWT.create()
                .withSubject(user)
                .withClaim("sid", sid)
                .withArrayClaim("roles", roles)
                .withExpiresAt(Instant.now().plusSeconds(600))
                .sign(Algorithm.HMAC256(TestServer.SECRET));
    }

    /** All that a client is told when it comes back, up to the answer to its ping. */
    private static List<String> resumed(String token, String offset) throws IOException {
        RawClient client = target.engine();
        client.text("40{\"token\":\"" + token + "\",\"offset\":\"" + offset + "\"}");
        List<String> frames = new ArrayList<>();
        // a resume that has been shown is answered; what it shows comes before
        while (frames.stream().noneMatch(frame -> frame.contains("\"connected\""))) {
            frames.add(client.readFrame());
        }
        client.text("429[\"resume\",\"" + offset + "\"]");
        while (frames.stream().noneMatch(frame -> frame.startsWith("text:439["))) {
            frames.add(client.readFrame());
        }
        client.close();
        return frames;
    }

    @Test
    void asManySessionsPollAsOneAddressMayHaveConnections() throws IOException {
        try (TestServer server = new TestServer(b -> b, b -> b.connectionLimits(100, 5, 1_000));
                RawClient client = new RawClient(server.server.port())) {
            for (int i = 0; i < 5; i++) {
                Target.polling(client);
            }
            RawClient refused = client.get("/socket.io/?EIO=4&transport=polling");
            assertThat(refused.readHead()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after");
            assertThat(server.server.socketIoSessions()).isEqualTo(5);
        }
        try (TestServer server = new TestServer(b -> b, b -> b.connectionLimits(100, 100, 5));
                RawClient client = new RawClient(server.server.port())) {
            for (int i = 0; i < 5; i++) {
                Target.polling(client);
            }
            assertThat(client.get("/socket.io/?EIO=4&transport=polling").readHead())
                    .startsWith("HTTP/1.1 503 ");
        }
    }

    @Test
    void eventsThatWantAcknowledgementsAreLimitedLikeOthers() throws IOException {
        try (TestServer server = new TestServer(b -> b.rateLimit(10, Duration.ofSeconds(60)), b -> b);
                RawClient client = new RawClient(server.server.port())) {
            client.upgrade("/socket.io/?EIO=4&transport=websocket");
            client.text("40{\"token\":\"" + ANN + "\"}");
            try {
                for (int i = 0; i < 10_000; i++) {
                    client.text("42" + i + "[\"echo\",1]");
                    client.text("43" + i + "[]");
                }
            } catch (IOException cutOff) {
                // as it should be
            }
            await().until(() -> server.service.presence().stats().connections() == 0);
        }
    }

    // ---- parameters and bodies
    // -------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "sort=;drop,query",
        "limit=-1,limit",
        "limit=1e9,limit",
        "limit=99999999999999999999,limit",
        "limit=1&limit=2,limit",
        "cursor=forged,cursor",
        "cursor=-1,cursor",
        "cursor=1%20OR%201=1,cursor",
        "from=2026-01-01,from",
        "delivered=1,delivered",
        "user=%00,user",
        "text=%00,text"
    })
    void aForgedParameterIs400NamingIt(String query, String field) {
        Answer answer = target.server().get("/admin/notifications/logs?" + query, ADMIN);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("field").textValue()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"after=7", "after=x-1-1", "before=%27-1", "after=a-99999999999999999999", "sort=;drop"})
    void aForgedCursorIs400(String query) {
        assertThat(target.server().get("/notifications?" + query, ANN).status()).isEqualTo(400);
    }

    @Test
    void textInAFilterIsText() {
        target.server().service.send(Audience.user("ann"), "n", Map.of());
        for (String text : List.of("%27%20OR%201%3D1--", "%25", "_", "%5C", "%27%29%3BDROP%20TABLE%20x--")) {
            Answer answer = target.server().get("/admin/notifications/logs?user=" + text, ADMIN);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().path("items")).isEmpty();
        }
    }

    static Stream<String> bombs() {
        return Stream.of(
                "[".repeat(100_000),
                "[".repeat(49_000) + "]".repeat(49_000),
                "{\"a\":".repeat(12_000) + "1" + "}".repeat(12_000),
                "9".repeat(95_000),
                "-" + "9".repeat(1_001),
                "0." + "1".repeat(1_001),
                "1e99999999",
                "1e-99999999999999999999",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"\\u0062\":2}}",
                "\"\\ud800\"",
                "{\"\\udc00\":1}",
                "\"\\ud83d\\ud83d\"",
                "NaN",
                "{'a':1}",
                "{\"a\":1,}",
                "/**/1",
                "\"\t\"");
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void jsonThatIsDeepLongDoubledOrBrokenIsRefusedOnEveryWayIn(String json) throws IOException {
        try (Logs logs = new Logs(Level.WARN)) {
            String send = "{\"audience\":{\"everyone\":true},\"event\":\"n\",\"data\":{\"x\":" + json + "}}";
            assertThat(target.client()
                            .post("/notifications?token=" + SERVICE, send)
                            .readAnswer())
                    .matches("(?s)4(00|13) .*");
            RawClient plain = target.plain(ANN);
            plain.text("{\"event\":\"echo\",\"data\":" + json + "}");
            assertThat(plain.readFrame()).matches("(?s)(text:.*INVALID_PAYLOAD.*|close:1009)");
            assertThat(Target.closing(target.socketIo(ANN).text("42[\"echo\"," + json + "]")))
                    .matches("close:(1002|1009)");
            String session = target.polling();
            assertThat(target.client()
                            .post(session, "40{\"token\":" + json + "}")
                            .readAnswer())
                    .matches("(?s)4(00|13) .*");
            assertThat(logs.lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/admin/notifications/broadcast,,401",
        "/admin/notifications/broadcast,CUSTOMER,403",
        "/admin/notifications/logs,,405",
        "/admin/nowhere,,404",
        "/notifications,,401",
        "/notifications,CUSTOMER,403",
        "/notifications/batch,CUSTOMER,403",
        "/dev/notifications/test,,401",
        "/dev/nowhere,CUSTOMER,404"
    })
    void aRefusalComesBeforeTheBody(String path, String role, int status) throws IOException {
        String authorization = role == null ? "" : "Authorization: Bearer " + TestServer.token("ann", role) + "\r\n";
        for (String length :
                List.of("Content-Length: 50000", "Content-Length: 90000000", "Transfer-Encoding: chunked")) {
            for (String expectation : List.of("", "Expect: 100-continue\r\n")) {
                RawClient client = target.client();
                client.send("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + authorization + expectation + length
                        + "\r\n\r\n");
                assertThat(client.readHead()).as(length + expectation).startsWith("HTTP/1.1 " + status + " ");
            }
        }
    }

    @Test
    void inProductionThereIsNoDevRoute() throws IOException {
        try (TestServer production = new TestServer(b -> b, b -> b.devMode(false));
                RawClient client = new RawClient(production.server.port())) {
            client.send("POST /dev/notifications/test HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + ANN
                    + "\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void everySendOverHttpCountsAgainstItsSendersLimit() {
        try (TestServer server = new TestServer(b -> b, b -> b.sendLimit(2, Duration.ofSeconds(60)))) {
            String broadcast = "{\"title\":\"t\",\"message\":\"m\"}";
            String test = "{\"userId\":\"ann\",\"event\":\"n\"}";
            for (int i = 0; i < 2; i++) {
                assertThat(server.post("/admin/notifications/broadcast", ADMIN, broadcast)
                                .status())
                        .isEqualTo(201);
                assertThat(server.post("/dev/notifications/test", ANN, test).status())
                        .isEqualTo(201);
            }
            assertThat(server.post("/admin/notifications/broadcast", ADMIN, broadcast)
                            .status())
                    .isEqualTo(429);
            assertThat(server.post("/dev/notifications/test", ANN, test).status())
                    .isEqualTo(429);
        }
    }

    // ---- what is logged
    // --------------------------------------------------------------------------------------------------

    private static boolean isOneVisibleLine(String line) {
        return line.codePoints()
                .noneMatch(c -> Character.isISOControl(c)
                        || Character.getType(c) == Character.FORMAT
                        || Character.getType(c) == Character.LINE_SEPARATOR);
    }

    /** All that the server and Netty log meanwhile; the console is spared. */
    private static final class Logs implements AutoCloseable {
        private final List<Logger> loggers =
                List.of((Logger) LoggerFactory.getLogger("io.notify"), (Logger) LoggerFactory.getLogger("io.netty"));
        private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

        Logs(Level level) {
            appender.start();
            for (Logger logger : loggers) {
                logger.setLevel(level);
                logger.setAdditive(false);
                logger.addAppender(appender);
            }
        }

        List<String> lines() {
            return List.copyOf(appender.list).stream()
                    .map(event -> event.getFormattedMessage()
                            + (event.getThrowableProxy() == null
                                    ? ""
                                    : " "
                                            + ThrowableProxyUtil.asString(event.getThrowableProxy())
                                                    .lines()
                                                    .map(String::strip)
                                                    .reduce("", (a, b) -> a + " " + b)))
                    .toList();
        }

        @Override
        public void close() {
            for (Logger logger : loggers) {
                logger.detachAppender(appender);
                logger.setLevel(null);
                logger.setAdditive(true);
            }
        }
    }
}
