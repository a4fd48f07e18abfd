package io.notify.netty.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.notify.netty.TestServer;
import io.notify.netty.TestServer.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** What the dashboard asks the server. */
@Timeout(30)
class OperatorApiTest {
    private static final String ADMIN = TestServer.token("root", "ADMIN");
    private static final String SERVICE = TestServer.token("shop", "SERVICE");
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /admin/live",
        "GET, /admin/connections",
        "POST, /admin/connections/disconnect",
        "POST, /admin/notifications/preview",
        "GET, /admin/notifications/01234567-89ab-7def-8123-456789abcdef"
    })
    void onlyAnAdministratorMayAndIsAskedBeforeTheBodyIsRead(String method, String path) {
        String body = method.equals("POST") ? "no JSON at all" : null;

        assertThat(server.exchange(method, path, null, body).status()).isEqualTo(401);
        assertThat(server.exchange(method, path, SERVICE, body).status()).isEqualTo(403);
        assertThat(server.exchange(method, path, null, body, "Cookie", "access_token=" + ADMIN)
                        .status())
                .isEqualTo(401);
        assertThat(server.exchange(method, path, ADMIN, body, "Origin", "https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(server.exchange("PUT", path, ADMIN, null).status()).isEqualTo(405);
    }

    @Test
    void aStoryTellsWhatBecameOfOneNotification() throws Exception {
        String receipt = send("{\"audience\":{\"user\":\"gil\"},\"event\":\"n\",\"data\":{\"a\":1},\"ttlMs\":60000}");

        JsonNode waiting = story(receipt);
        assertThat(waiting.path("outcome").textValue()).isEqualTo("waiting");
        assertThat(waiting.path("online").booleanValue()).isFalse();
        assertThat(waiting.path("lastSeen").isNull()).isTrue();
        assertThat(waiting.path("payload").path("data").path("a").intValue()).isEqualTo(1);
        assertThat(waiting.path("expiresAt").textValue()).isNotNull();
        assertThat(waiting.path("takers").isEmpty()).isTrue();

        String position = waiting.path("position").textValue();
        String before = position.substring(0, position.indexOf('-')) + "-0";
        try (Stream gil = new Stream("/notifications/sse?lastEventId=" + before, TestServer.token("gil", "CUSTOMER"))) {
            gil.next("n");
            await().untilAsserted(() ->
                    assertThat(story(receipt).path("outcome").textValue()).isEqualTo("delivered"));
            JsonNode taker = story(receipt).path("takers").get(0);
            assertThat(taker.path("userId").textValue()).isEqualTo("gil");
            assertThat(taker.path("transport").textValue()).isEqualTo("sse");
            assertThat(taker.path("takenAt").textValue()).isNotNull();
            assertThat(story(receipt).path("connections").intValue()).isEqualTo(1);
        }
    }

    @Test
    void aStoryOfNothingIs404() {
        for (String id : List.of("01234567-89ab-7def-8123-456789abcdef", "x", "", "a/b")) {
            assertThat(server.get("/admin/notifications/" + id, ADMIN).status()).isEqualTo(404);
        }
    }

    @Test
    void whoIsOnlineIsListedWithRoomsAndCanBeDisconnected() throws Exception {
        try (Stream hal = new Stream("/notifications/sse", TestServer.token("hal/1", "PROFESSIONAL"))) {
            hal.next("connected");
            JsonNode user = online("hal").path("items").get(0);
            JsonNode connection = user.path("connections").get(0);
            assertThat(user.path("userId").textValue()).isEqualTo("hal/1");
            assertThat(user.path("roles").get(0).textValue()).isEqualTo("PROFESSIONAL");
            assertThat(connection.path("transport").textValue()).isEqualTo("sse");
            assertThat(connection.path("rooms").toString()).contains("user:hal/1", "role:PROFESSIONAL");
            String body = "{\"userId\":\"hal/1\",\"socketId\":\""
                    + connection.path("socketId").textValue() + "\"}";

            ListAppender<ILoggingEvent> log = new ListAppender<>();
            log.start();
            Logger logger = (Logger) LoggerFactory.getLogger(ConnectionsEndpoint.class);
            logger.setLevel(Level.INFO);
            logger.addAppender(log);
            try {
                assertThat(server.post("/admin/connections/disconnect", ADMIN, body)
                                .status())
                        .isEqualTo(204);
            } finally {
                logger.detachAppender(log);
                logger.setLevel(null);
            }
            assertThat(log.list)
                    .singleElement()
                    .satisfies(line -> assertThat(line.getKeyValuePairs())
                            .extracting(pair -> pair.key + "=" + pair.value)
                            .contains("operator=root", "user=hal/1"));
            hal.end();
            await().untilAsserted(() ->
                    assertThat(online("hal").path("items").isEmpty()).isTrue());
            assertThat(server.post("/admin/connections/disconnect", ADMIN, body).status())
                    .isEqualTo(404);
        }
        Answer bad = server.post("/admin/connections/disconnect", ADMIN, "{\"userId\":\"hal\"}");
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.json().path("field").textValue()).isEqualTo("socketId");
        assertThat(server.get("/admin/connections?limit=0", ADMIN)
                        .json()
                        .path("field")
                        .textValue())
                .isEqualTo("limit");
    }

    @Test
    void aListThatIsCutSaysSo() throws Exception {
        try (Stream one = new Stream("/notifications/sse", TestServer.token("twin-1"));
                Stream two = new Stream("/notifications/sse", TestServer.token("twin-2"))) {
            one.next("connected");
            two.next("connected");
            JsonNode page =
                    server.get("/admin/connections?text=twin&limit=1", ADMIN).json();
            assertThat(page.path("items").size()).isEqualTo(1);
            assertThat(page.path("more").booleanValue()).isTrue();
            assertThat(online("twin").path("more").booleanValue()).isFalse();
        }
    }

    @Test
    void aPreviewIsWhatTheClientWouldGetAndStoresNothing() {
        String body = "{\"audience\":{\"users\":[\"a\",\"b\"]},\"event\":\"booking.created\","
                + "\"data\":{\"customerName\":\"Ann\",\"exact\":1.10}}";

        Answer answer = server.post("/admin/notifications/preview", ADMIN, body);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("users").intValue()).isEqualTo(2);
        assertThat(answer.json().path("connections").intValue()).isZero();
        assertThat(answer.json().path("notification").path("message").textValue())
                .isEqualTo("Ann has sent you a booking request.");
        assertThat(answer.body()).contains("\"data\":{\"customerName\":\"Ann\",\"exact\":1.10}");
        String id = answer.json().path("notification").path("id").textValue();
        assertThat(server.get("/admin/notifications/" + id, ADMIN).status()).isEqualTo(404);
        Answer refused = server.post("/admin/notifications/preview", ADMIN, body.replace("booking.created", ""));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("field").textValue()).isEqualTo("event");
    }

    @Test
    void theLiveStreamBeginsWithHistoryAndGoesOnEachSecond() throws Exception {
        await().until(() -> !server.service.metricHistory().isEmpty());
        try (Stream live = new Stream("/admin/live", ADMIN)) {
            assertThat(live.next("history").isArray()).isTrue();
            send("{\"audience\":{\"user\":\"ida\"},\"event\":\"n\"}");
            JsonNode first = live.next("figures");
            JsonNode second = live.next("figures");
            assertThat(second.path("at").textValue())
                    .isGreaterThan(first.path("at").textValue());
            assertThat(first.path("connectionsByTransport").has("sse")).isTrue();
            assertThat(first.path("errors").has("signIns")).isTrue();
            assertThat(first.path("logAvailable").booleanValue()).isTrue();
        }
    }

    @Test
    void theLiveStreamEndsWithItsToken() throws Exception {
        try (Stream live = new Stream("/admin/live", TestServer.token("root", Duration.ofSeconds(2), "ADMIN"))) {
            assertThat(live.next("expired").path("detail").textValue()).isNotBlank();
            live.end();
        }
    }

    private static String send(String body) {
        Answer answer = server.post("/notifications", SERVICE, body);
        assertThat(answer.status()).isEqualTo(201);
        return answer.json().path("id").textValue();
    }

    private static JsonNode story(String id) {
        Answer answer = server.get("/admin/notifications/" + id, ADMIN);
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    private static JsonNode online(String text) {
        return server.get("/admin/connections?text=" + text, ADMIN).json();
    }

    /** An event stream as a client reads it. */
    private static final class Stream implements AutoCloseable {
        private final BufferedReader lines;

        Stream(String path, String token) throws Exception {
            HttpResponse<java.io.InputStream> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(server.url() + path))
                                    .header("Authorization", "Bearer " + token)
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** The data of the next event of a name. */
        JsonNode next(String event) throws IOException {
            boolean found = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                found |= line.equals("event: " + event);
                if (found && line.startsWith("data: ")) {
                    return new ObjectMapper().readTree(line.substring(6));
                }
            }
            throw new AssertionError("the stream ended before " + event);
        }

        /** Reads to the end that the server makes. */
        void end() throws IOException {
            String line = lines.readLine();
            while (line != null) {
                line = lines.readLine();
            }
        }

        @Override
        public void close() {
            try {
                lines.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
