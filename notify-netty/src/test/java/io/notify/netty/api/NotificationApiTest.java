package io.notify.netty.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.Audience;
import io.notify.netty.TestServer;
import io.notify.netty.TestServer.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotificationApiTest {
    private static final String ADMIN = TestServer.token("root", "ADMIN");
    private static final String SERVICE = TestServer.token("shop", "SERVICE");
    private static final String ANN = TestServer.token("ann", "CUSTOMER");
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer send(String body, String... headers) {
        return server.post("/notifications", SERVICE, body, headers);
    }

    @Test
    void aDurableSendAnswers201WithItsReceipt() {
        Answer answer = send("{\"audience\":{\"user\":\"u1\"},\"event\":\"n\",\"data\":{\"a\":1}}");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().path("id").textValue()).hasSize(36);
        assertThat(answer.json().path("position").textValue()).matches("[a-z0-9]+-\\d+");
        assertThat(answer.json().path("duplicate").booleanValue()).isFalse();
        assertThat(answer.json().path("connections").intValue()).isZero();
    }

    @Test
    void aVolatileSendAnswers202WithoutAPosition() {
        Answer answer = send("{\"audience\":{\"everyone\":true},\"event\":\"n\",\"durable\":false}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().has("position")).isFalse();
    }

    @Test
    void theIdempotencyKeyMakesARepetition200AndOtherContent409() {
        String body = "{\"audience\":{\"user\":\"u2\"},\"event\":\"n\",\"data\":{\"a\":%d}}";

        Answer first = send(body.formatted(1), "Idempotency-Key", "k-1");
        Answer second = send(body.formatted(1), "Idempotency-Key", "k-1");
        Answer conflict = send(body.formatted(2), "Idempotency-Key", "k-1");
        Answer others = server.post("/notifications", ADMIN, body.formatted(2), "Idempotency-Key", "k-1");

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json().path("duplicate").booleanValue()).isTrue();
        assertThat(second.json().path("id")).isEqualTo(first.json().path("id"));
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(others.status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audience            | {\"event\":\"n\"}",
                "audience            | {\"audience\":{},\"event\":\"n\"}",
                "audience            | {\"audience\":{\"user\":\"a\",\"role\":\"b\"},\"event\":\"n\"}",
                "audience.user       | {\"audience\":{\"user\":7},\"event\":\"n\"}",
                "audience.user       | {\"audience\":{\"user\":\"\"},\"event\":\"n\"}",
                "audience.users      | {\"audience\":{\"users\":[]},\"event\":\"n\"}",
                "audience.everyone   | {\"audience\":{\"everyone\":false},\"event\":\"n\"}",
                "audience.nearby     | {\"audience\":{\"nearby\":{\"latitude\":91,\"longitude\":0,\"radiusMeters\":1}},\"event\":\"n\"}",
                "event               | {\"audience\":{\"user\":\"a\"}}",
                "event               | {\"audience\":{\"user\":\"a\"},\"event\":\"connect\"}",
                "event               | {\"audience\":{\"user\":\"a\"},\"event\":\"a b\"}",
                "data                | {\"audience\":{\"user\":\"a\"},\"event\":\"n\",\"data\":[1]}",
                "durable             | {\"audience\":{\"user\":\"a\"},\"event\":\"n\",\"durable\":1}",
                "ttlMs               | {\"audience\":{\"user\":\"a\"},\"event\":\"n\",\"ttlMs\":0}",
                "ttlMs               | {\"audience\":{\"user\":\"a\"},\"event\":\"n\",\"ttlMs\":1.5}",
                "priority            | {\"audience\":{\"user\":\"a\"},\"event\":\"n\",\"priority\":\"urgent\"}",
                "collapseKey         | {\"audience\":{\"user\":\"a\"},\"event\":\"n\",\"collapseKey\":\"\"}",
                "body                | {\"audience\":{\"user\":\"a\"},\"event\":\"n\",\"extra\":1}",
                "body                | {\"event\":\"n\",\"event\":\"m\"}",
                "body                | not json",
                "body                | []",
            })
    void aFaultyBodyIs400NamingTheField(String field, String body) {
        Answer answer = send(body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("field").textValue()).isEqualTo(field);
        assertThat(answer.json().path("status").intValue()).isEqualTo(400);
        assertThat(answer.json().path("detail").textValue()).isNotBlank();
    }

    @Test
    void oneBadItemRefusesTheBatchNamingItsIndexAndField() {
        Answer bad = server.post(
                "/notifications/batch",
                SERVICE,
                "{\"notifications\":[{\"audience\":{\"user\":\"a\"},\"event\":\"n\"},{\"audience\":{\"user\":\"a\"}}]}");
        Answer good = server.post(
                "/notifications/batch",
                SERVICE,
                "{\"notifications\":[{\"audience\":{\"user\":\"a\"},\"event\":\"n\"},{\"audience\":{\"user\":\"b\"},\"event\":\"n\"}]}");

        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.json().path("field").textValue()).isEqualTo("notifications[1].event");
        assertThat(good.status()).isEqualTo(201);
        assertThat(good.json().path("receipts")).hasSize(2);
    }

    @Test
    void onlyServicesAndAdminsSendAndOnlyAdminsAdminister() {
        String body = "{\"audience\":{\"user\":\"a\"},\"event\":\"n\"}";

        assertThat(server.post("/notifications", null, body).status()).isEqualTo(401);
        assertThat(server.post("/notifications", "x.y.z", body).status()).isEqualTo(401);
        assertThat(server.post("/notifications", ANN, body).status()).isEqualTo(403);
        assertThat(server.post("/notifications", ADMIN, body).status()).isEqualTo(201);
        for (String path : List.of("logs", "stats")) {
            assertThat(server.get("/admin/notifications/" + path, null).status())
                    .isEqualTo(401);
            assertThat(server.get("/admin/notifications/" + path, SERVICE).status())
                    .isEqualTo(403);
            assertThat(server.get("/admin/notifications/" + path, ADMIN).status())
                    .isEqualTo(200);
        }
        assertThat(server.post("/admin/notifications/broadcast", ANN, "{}").status())
                .isEqualTo(403);
    }

    @Test
    void aMethodThatIsNotThereIs405AndAPathThatIsNotThere404() {
        Answer put = server.exchange("PUT", "/notifications", SERVICE, "{}");

        assertThat(put.status()).isEqualTo(405);
        assertThat(put.header("allow")).isEqualTo("GET, POST");
        assertThat(server.get("/nowhere", null).status()).isEqualTo(404);
        assertThat(server.get("/notifications/a/b/read", ANN).status()).isEqualTo(404);
    }

    @Test
    void aBodyThatIsTooLargeIs413AndAPayloadThatIsTooLarge400() {
        String field = "{\"audience\":{\"user\":\"a\"},\"event\":\"n\",\"data\":{\"x\":\"%s\"}}";

        assertThat(send(field.formatted("y".repeat(80_000))).status()).isEqualTo(413);
        assertThat(send(field.formatted("y".repeat(66_000)))
                        .json()
                        .path("field")
                        .textValue())
                .isEqualTo("data");
    }

    @Test
    void historyUnreadCountAndReadAreTheUsersOwn() {
        try (TestServer server = new TestServer()) {
            historyOf(server);
        }
    }

    private static void historyOf(TestServer server) {
        String user = TestServer.token("reader");
        String first = server.post(
                        "/notifications",
                        SERVICE,
                        "{\"audience\":{\"user\":\"reader\"},\"event\":\"a\",\"data\":{\"v\":1.10}}")
                .json()
                .path("id")
                .textValue();
        server.post("/notifications", SERVICE, "{\"audience\":{\"user\":\"reader\"},\"event\":\"b\"}");
        server.post("/notifications", SERVICE, "{\"audience\":{\"user\":\"reader\"},\"event\":\"b\"}");

        JsonNode page = server.get("/notifications?limit=2", user).json();
        assertThat(page.path("items")).hasSize(2);
        assertThat(page.path("items").get(1).path("event").textValue()).isEqualTo("b");
        Answer olderPage =
                server.get("/notifications?before=" + page.path("next").textValue(), user);
        JsonNode older = olderPage.json();
        assertThat(older.path("items")).hasSize(1);
        assertThat(older.path("items").get(0).path("id").textValue()).isEqualTo(first);
        assertThat(olderPage.body()).contains("\"data\":{\"v\":1.10}");
        assertThat(older.path("next").isNull()).isTrue();

        assertThat(server.get("/notifications/unread-count", user)
                        .json()
                        .path("count")
                        .intValue())
                .isEqualTo(3);
        assertThat(server.post("/notifications/" + first + "/read", user, "").status())
                .isEqualTo(204);
        assertThat(server.post("/notifications/" + first + "/read", user, "").status())
                .isEqualTo(204);
        assertThat(server.post("/notifications/" + first + "/read", ANN, "").status())
                .isEqualTo(404);
        assertThat(server.post("/notifications/nonsense/read", user, "").status())
                .isEqualTo(404);
        assertThat(server.get("/notifications?unread=true", user).json().path("items"))
                .hasSize(2);
        assertThat(server.get("/notifications?event=a", user).json().path("items"))
                .hasSize(1);
        assertThat(server.post("/notifications/read-all", user, "").status()).isEqualTo(204);
        assertThat(server.get("/notifications/unread-count", user)
                        .json()
                        .path("count")
                        .intValue())
                .isZero();
        assertThat(server.get("/notifications", null).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=-1",
        "after=7",
        "unread=1",
        "sort=;drop",
        "after=a-1&before=a-2"
    })
    void aParameterOutOfRangeIs400(String query) {
        assertThat(server.get("/notifications?" + query, ANN).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=-1,limit",
        "limit=101,limit",
        "cursor=x,cursor",
        "cursor=-5,cursor",
        "delivered=yes,delivered",
        "read=1,read",
        "from=yesterday,from",
        "to=2026-13-01T00:00:00Z,to",
        "from=2026-11-25T00:00:00Z&to=2026-11-24T00:00:00Z,to",
        "audience=planet:mars,audience",
        "user=,user",
        "sort=a,query"
    })
    void aLogFilterOutOfRangeIs400NamingIt(String query, String field) {
        Answer answer = server.get("/admin/notifications/logs?" + query, ADMIN);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("field").textValue()).isEqualTo(field);
    }

    @Test
    void logsAreFilteredAndPagedNewestFirst() {
        for (int i = 0; i < 5; i++) {
            send("{\"audience\":{\"user\":\"logged\"},\"event\":\"log.test\",\"data\":{\"i\":" + i + "}}");
        }
        send("{\"audience\":{\"room\":\"job:7\"},\"event\":\"log.room\"}");

        JsonNode page = server.get("/admin/notifications/logs?user=logged&limit=3", ADMIN)
                .json();
        assertThat(page.path("items")).hasSize(3);
        assertThat(page.path("items")
                        .get(0)
                        .path("payload")
                        .path("data")
                        .path("i")
                        .intValue())
                .isEqualTo(4);
        JsonNode rest = server.get(
                        "/admin/notifications/logs?user=logged&limit=3&cursor="
                                + page.path("next").textValue(),
                        ADMIN)
                .json();
        assertThat(rest.path("items")).hasSize(2);
        assertThat(rest.path("next").isNull()).isTrue();
        JsonNode room = server.get("/admin/notifications/logs?audience=room:job:7", ADMIN)
                .json();
        assertThat(room.path("items").get(0).path("userId").textValue()).isEqualTo("*");
        String injection = "/admin/notifications/logs?user=%27%20OR%201%3D1--";
        assertThat(server.get(injection, ADMIN).json().path("items")).isEmpty();
    }

    @Test
    void aMalformedEscapeInTheQueryIs400OnEveryPath() throws Exception {
        for (String path :
                List.of("/notifications", "/notifications/sse", "/ws/notifications", "/admin/notifications/logs")) {
            try (var client = new io.notify.netty.http.RawClient(server.server.port())) {
                client.send("GET " + path + "?token=%zz HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.readHead()).as(path).startsWith("HTTP/1.1 400 ");
            }
        }
    }

    @Test
    void statsAddUpAndBroadcastReachesEveryone() {
        Answer broadcast = server.post(
                "/admin/notifications/broadcast", ADMIN, "{\"title\":\"Tonight\",\"message\":\"We are down at ten.\"}");

        assertThat(broadcast.status()).isEqualTo(201);
        assertThat(server.post("/admin/notifications/broadcast", ADMIN, "{\"message\":\"x\"}")
                        .json()
                        .path("field")
                        .textValue())
                .isEqualTo("title");
        JsonNode stats = server.get("/admin/notifications/stats", ADMIN).json();
        assertThat(stats.path("byEvent").path("system.maintenance").intValue()).isPositive();
        assertThat(stats.path("total").intValue()).isPositive();
        assertThat(stats.path("byHour").size()).isPositive();
        assertThat(stats.path("byDay").size()).isPositive();
        JsonNode history =
                server.get("/notifications?event=system.maintenance", ANN).json();
        assertThat(history.path("items").get(0).path("title").textValue()).isEqualTo("Tonight");
    }

    @Test
    void theDevEndpointExistsInDevModeOnly() {
        String body = "{\"userId\":\"ann\",\"event\":\"booking.created\",\"data\":{}}";

        assertThat(server.post("/dev/notifications/test", null, body).status()).isEqualTo(401);
        assertThat(server.post("/dev/notifications/test", ANN, body).status()).isEqualTo(201);
        try (TestServer production = new TestServer(b -> b, b -> b.devMode(false))) {
            assertThat(production.post("/dev/notifications/test", ANN, body).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void healthNamesEachPartAndNeedsNoToken() {
        JsonNode health = server.get("/health", null).json();

        assertThat(health.path("status").textValue()).isEqualTo("up");
        for (String part : List.of("websocket", "sse", "logStore", "rateLimiter", "presence")) {
            assertThat(health.path(part).path("status").textValue()).isEqualTo("up");
        }
        assertThat(server.get("/health/live", null).status()).isEqualTo(200);
        assertThat(server.get("/health/ready", null).status()).isEqualTo(200);
    }

    @Test
    void aSenderBeyondTheLimitIsTold429() {
        try (TestServer limited = new TestServer(b -> b, b -> b.sendLimit(2, java.time.Duration.ofSeconds(60)))) {
            String body = "{\"audience\":{\"user\":\"a\"},\"event\":\"n\"}";
            assertThat(limited.post("/notifications", SERVICE, body).status()).isEqualTo(201);
            assertThat(limited.post("/notifications", SERVICE, body).status()).isEqualTo(201);

            Answer refused = limited.post("/notifications", SERVICE, body);

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("retry-after")).isNotBlank();
            assertThat(limited.post("/notifications", ADMIN, body).status()).isEqualTo(201);
        }
    }

    @Test
    void anAddressThatIsRefusedTooOftenWaits() {
        try (TestServer limited = new TestServer(b -> b, b -> b.refusedSignIns(3, java.time.Duration.ofSeconds(60)))) {
            for (int i = 0; i < 3; i++) {
                assertThat(limited.get("/notifications", "bad").status()).isEqualTo(401);
            }
            assertThat(limited.get("/notifications", ANN).status()).isEqualTo(429);
        }
    }

    @Test
    void foreignOriginsAreRefusedAndListedOnesAnswered() {
        try (TestServer open = new TestServer(b -> b, b -> b.corsOrigins(List.of("http://localhost:5173")))) {
            Answer listed = open.get("/notifications", ANN, "Origin", "http://localhost:5173");
            Answer foreign = open.get("/notifications", ANN, "Origin", "https://evil.example");

            assertThat(listed.status()).isEqualTo(200);
            assertThat(listed.header("access-control-allow-origin")).isEqualTo("http://localhost:5173");
            assertThat(foreign.status()).isEqualTo(403);
            assertThat(foreign.header("access-control-allow-origin")).isEmpty();
            Answer preflight = open.exchange(
                    "OPTIONS",
                    "/notifications",
                    null,
                    null,
                    "Origin",
                    "http://localhost:5173",
                    "Access-Control-Request-Method",
                    "POST",
                    "Access-Control-Request-Headers",
                    "authorization,content-type,idempotency-key");
            assertThat(preflight.status()).isIn(200, 204);
            assertThat(preflight.header("access-control-allow-headers")).containsIgnoringCase("authorization");
        }
    }

    @Test
    void readingOverHttpIsToldOnTheUsersConnections() {
        // the SSE and WebSocket sides are driven by the interop scripts; here the log's view is enough
        String id =
                server.service.send(Audience.user("teller"), "n", Map.of()).id().toString();
        assertThat(server.post("/notifications/" + id + "/read", TestServer.token("teller"), "")
                        .status())
                .isEqualTo(204);
        await().untilAsserted(() -> assertThat(server.get("/admin/notifications/logs?user=teller&read=true", ADMIN)
                        .json()
                        .path("items"))
                .hasSize(1));
    }

    private static JsonNode logs(String query) {
        Answer answer = server.get("/admin/notifications/logs?" + query, ADMIN);
        assertThat(answer.status()).as(query).isEqualTo(200);
        return answer.json();
    }

    @Test
    void everyFilterOfTheLogsFindsItsRowsAndNoOthers() {
        String read =
                send("{\"audience\":{\"user\":\"filtered\"},\"event\":\"f.one\",\"data\":{\"k\":\"Needle in hay\"}}")
                        .json()
                        .path("id")
                        .textValue();
        send("{\"audience\":{\"user\":\"filtered\"},\"event\":\"f.two\"}");
        send("{\"audience\":{\"role\":\"FILTERED\"},\"event\":\"f.one\"}");
        String filtered = TestServer.token("filtered", "CUSTOMER");
        assertThat(server.post("/notifications/" + read + "/read", filtered, "").status())
                .isEqualTo(204);

        assertThat(logs("user=filtered").path("items")).hasSize(2);
        assertThat(logs("event=f.one").path("items")).hasSize(2);
        assertThat(logs("event=f.one&user=filtered").path("items")).hasSize(1);
        assertThat(logs("audience=role:FILTERED").path("items")).hasSize(1);
        assertThat(logs("audience=user:filtered").path("items")).hasSize(2);
        assertThat(logs("user=filtered&read=true").path("items")).hasSize(1);
        assertThat(logs("user=filtered&read=false").path("items")).hasSize(1);
        assertThat(logs("user=filtered&delivered=false").path("items")).hasSize(2);
        assertThat(logs("user=filtered&delivered=true").path("items")).isEmpty();
        assertThat(logs("text=nEEDLE%20in").path("items")).hasSize(1);
        assertThat(logs("text=100%25").path("items")).isEmpty();
        assertThat(logs("user=filtered&from=2020-01-01T00:00:00.000Z").path("items"))
                .hasSize(2);
        assertThat(logs("user=filtered&to=2020-01-01T00:00:00.000Z").path("items"))
                .isEmpty();
        assertThat(logs("user=*&event=f.one").path("items")).hasSize(1);
    }

    @Test
    void aLogRowHasExactlyTheFieldsOfTheContract() {
        send("{\"audience\":{\"user\":\"exact\"},\"event\":\"n\",\"data\":{\"price\":1.50}}");

        Answer answer = server.get("/admin/notifications/logs?user=exact", ADMIN);
        JsonNode row = answer.json().path("items").get(0);

        assertThat(answer.json().fieldNames()).toIterable().containsExactly("items", "next");
        assertThat(row.fieldNames())
                .toIterable()
                .containsExactly(
                        "id",
                        "position",
                        "userId",
                        "audience",
                        "event",
                        "payload",
                        "delivered",
                        "deliveredAt",
                        "error",
                        "readAt",
                        "createdAt");
        assertThat(row.path("audience").textValue()).isEqualTo("user:exact");
        assertThat(row.path("createdAt").textValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(row.path("deliveredAt").isNull()).isTrue();
        assertThat(answer.body()).contains("\"data\":{\"price\":1.50}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"everyone\":true}|everyone",
                "{\"role\":\"CREW\"}|role:CREW",
                "{\"room\":\"job:9\"}|room:job:9",
                "{\"user\":\"one\"}|user:one",
                "{\"users\":[\"one\",\"two\"]}|users",
                "{\"session\":\"s-1\"}|session:s-1"
            })
    void aBroadcastGoesToWhateverAudienceIsGivenWithItsDataUnchanged(String audience, String key) {
        Answer answer = server.post(
                "/admin/notifications/broadcast",
                ADMIN,
                "{\"title\":\"t\",\"message\":\"m\",\"data\":{\"price\":1.50},\"audience\":" + audience + "}");

        assertThat(answer.status()).isEqualTo(201);
        Answer found = server.get("/admin/notifications/logs?event=system.maintenance&limit=1&audience=" + key, ADMIN);
        JsonNode row = found.json().path("items").get(0);
        assertThat(row.path("id").textValue())
                .isEqualTo(answer.json().path("id").textValue());
        assertThat(found.body()).contains("\"data\":{\"price\":1.50}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "title|{\"message\":\"m\"}",
                "message|{\"title\":\"t\"}",
                "data|{\"title\":\"t\",\"message\":\"m\",\"data\":[1]}",
                "audience|{\"title\":\"t\",\"message\":\"m\",\"audience\":{}}",
                "audience.everyone|{\"title\":\"t\",\"message\":\"m\",\"audience\":{\"everyone\":false}}",
                "body|{\"title\":\"t\",\"message\":\"m\",\"event\":\"n\"}",
                "body|{"
            })
    void aFaultyBroadcastIs400NamingTheField(String field, String body) {
        Answer answer = server.post("/admin/notifications/broadcast", ADMIN, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("field").textValue()).isEqualTo(field);
    }

    @Test
    void statsHaveTotalsReadsTheRateAndTheTimesOfTheSpanAskedFor() {
        JsonNode none = server.get(
                        "/admin/notifications/stats?from=2020-01-01T00:00:00.000Z&to=2020-01-02T00:00:00.000Z", ADMIN)
                .json();
        assertThat(none.fieldNames())
                .toIterable()
                .containsExactly(
                        "from",
                        "to",
                        "total",
                        "delivered",
                        "read",
                        "failed",
                        "deliveryRate",
                        "byEvent",
                        "byHour",
                        "byDay",
                        "deliveryMsP50",
                        "deliveryMsP99",
                        "presence");
        assertThat(none.path("total").intValue()).isZero();
        assertThat(none.path("deliveryMsP50").isNull()).isTrue();

        JsonNode hours = server.get(
                        "/admin/notifications/stats?from=2020-01-01T10:30:00.000Z&to=2020-01-01T11:00:00.001Z", ADMIN)
                .json();
        assertThat(hours.path("from").textValue()).isEqualTo("2020-01-01T10:00:00.000Z");
        assertThat(hours.path("to").textValue()).isEqualTo("2020-01-01T12:00:00.000Z");

        Answer backwards = server.get(
                "/admin/notifications/stats?from=2020-01-02T00:00:00.000Z&to=2020-01-01T00:00:00.000Z", ADMIN);
        assertThat(backwards.status()).isEqualTo(400);
        assertThat(backwards.json().path("field").textValue()).isEqualTo("to");
    }

    @Test
    void aSchemaIsRegisteredHeldAgainstSendsShownAndTakenAway() {
        String path = "/admin/notifications/schemas/order%2Fplaced";
        String schema = "{\"required\":[\"orderId\"]}";
        String bare = "{\"audience\":{\"user\":\"u\"},\"event\":\"order/placed\"}";

        assertThat(server.exchange("PUT", path, ADMIN, schema).status()).isEqualTo(201);
        assertThat(server.exchange("PUT", path, ADMIN, schema).status()).isEqualTo(200);
        assertThat(server.get(path, ADMIN).body()).isEqualTo(schema);
        assertThat(server.get("/admin/notifications/schemas", ADMIN)
                        .json()
                        .path("items")
                        .get(0)
                        .path("event")
                        .textValue())
                .isEqualTo("order/placed");
        Answer refused = send(bare);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("field").textValue()).isEqualTo("data.orderId");
        assertThat(server.post("/notifications/batch", SERVICE, "{\"notifications\":[" + bare + "]}")
                        .json()
                        .path("field")
                        .textValue())
                .isEqualTo("notifications[0].data.orderId");

        assertThat(server.exchange("DELETE", path, ADMIN, null).status()).isEqualTo(204);
        assertThat(server.exchange("DELETE", path, ADMIN, null).status()).isEqualTo(404);
        assertThat(server.get(path, ADMIN).status()).isEqualTo(404);
        assertThat(send(bare).status()).isEqualTo(201);
    }

    @Test
    void aSchemaThatIsNoneOrOfNoEventIs400AndOnlyAdminsMay() {
        String path = "/admin/notifications/schemas/n";

        Answer faulty = server.exchange("PUT", path, ADMIN, "{\"type\":5}");
        assertThat(faulty.status()).isEqualTo(400);
        assertThat(faulty.json().path("field").textValue()).isEqualTo("body");
        Answer reserved = server.exchange("PUT", "/admin/notifications/schemas/disconnect", ADMIN, "{}");
        assertThat(reserved.json().path("field").textValue()).isEqualTo("event");
        for (String method : List.of("GET", "PUT", "DELETE")) {
            assertThat(server.exchange(method, path, SERVICE, "{}").status()).isEqualTo(403);
            assertThat(server.exchange(method, path, null, "{}").status()).isEqualTo(401);
        }
        assertThat(server.post(path, ADMIN, "{}").status()).isEqualTo(405);
    }

    @Test
    void everyWayToSendOverHttpCountsAgainstTheSendersLimit() {
        try (TestServer strict = new TestServer(b -> b, b -> b.sendLimit(3, java.time.Duration.ofMinutes(1)))) {
            String notice = "{\"title\":\"t\",\"message\":\"m\"}";
            String test = "{\"userId\":\"u\",\"event\":\"n\"}";
            String one = "{\"audience\":{\"user\":\"u\"},\"event\":\"n\"}";
            assertThat(strict.post("/admin/notifications/broadcast", ADMIN, notice)
                            .status())
                    .isEqualTo(201);
            assertThat(strict.post("/dev/notifications/test", ADMIN, test).status())
                    .isEqualTo(201);
            assertThat(strict.post("/notifications", ADMIN, one).status()).isEqualTo(201);

            for (Answer answer : List.of(
                    strict.post("/admin/notifications/broadcast", ADMIN, notice),
                    strict.post("/dev/notifications/test", ADMIN, test),
                    strict.post("/notifications", ADMIN, one),
                    strict.post("/notifications/batch", ADMIN, "{\"notifications\":[" + one + "]}"))) {
                assertThat(answer.status()).isEqualTo(429);
                assertThat(answer.header("retry-after")).isNotEmpty();
            }
            assertThat(strict.post("/notifications", SERVICE, one).status()).isEqualTo(201);
        }
    }
}
