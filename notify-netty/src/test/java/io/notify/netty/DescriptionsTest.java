package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.micrometer.core.instrument.MeterRegistry;
import io.notify.Audience;
import io.notify.ErrorCode;
import io.notify.netty.TestServer.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds what the server says of itself against what it does. Real validators look at the documents in interop/. */
class DescriptionsTest {
    private static final String ADMIN = TestServer.token("root", "ADMIN");
    private static final String ID = "00000000-0000-7000-8000-000000000000";
    private static final String SEND = "{\"audience\":{\"user\":\"ann\"},\"event\":\"n\",\"data\":{\"a\":1}}";
    /** A good request for each operation; the description says which answers it may get. */
    private static final List<Call> CALLS = List.of(
            new Call("post", "/notifications", "/notifications", SEND, 201),
            new Call(
                    "post",
                    "/notifications",
                    "/notifications",
                    "{\"audience\":{\"everyone\":true},\"event\":\"n\",\"durable\":false}",
                    202),
            new Call("get", "/notifications", "/notifications?limit=2", null, 200),
            new Call("post", "/notifications/batch", "/notifications/batch", "{\"notifications\":[" + SEND + "]}", 201),
            new Call("get", "/notifications/unread-count", "/notifications/unread-count", null, 200),
            new Call("post", "/notifications/read-all", "/notifications/read-all", "", 204),
            new Call("post", "/notifications/{id}/read", "/notifications/" + ID + "/read", "", 404),
            new Call("get", "/notifications/sse", "/notifications/sse", null, 200),
            new Call("get", "/notifications/sse/test", "/notifications/sse/test", null, 200),
            new Call("get", "/socket.io/", "/socket.io/?EIO=4&transport=polling", null, 200),
            new Call("post", "/socket.io/", "/socket.io/?EIO=4&transport=polling&sid=x", "2", 400),
            new Call("get", "/ws/notifications", "/ws/notifications", null, 426),
            new Call("get", "/admin/notifications/logs", "/admin/notifications/logs?limit=3", null, 200),
            new Call("get", "/admin/notifications/stats", "/admin/notifications/stats", null, 200),
            new Call(
                    "post",
                    "/admin/notifications/broadcast",
                    "/admin/notifications/broadcast",
                    "{\"title\":\"t\",\"message\":\"m\"}",
                    201),
            new Call("put", "/admin/notifications/schemas/{event}", "/admin/notifications/schemas/e", "{}", 201),
            new Call("get", "/admin/notifications/schemas/{event}", "/admin/notifications/schemas/e", null, 200),
            new Call("get", "/admin/notifications/schemas", "/admin/notifications/schemas", null, 200),
            new Call("delete", "/admin/notifications/schemas/{event}", "/admin/notifications/schemas/e", null, 204),
            new Call("post", "/admin/notifications/preview", "/admin/notifications/preview", SEND, 200),
            new Call("get", "/admin/notifications/{id}", "/admin/notifications/" + ID, null, 404),
            new Call("get", "/admin/connections", "/admin/connections", null, 200),
            new Call(
                    "post",
                    "/admin/connections/disconnect",
                    "/admin/connections/disconnect",
                    "{\"userId\":\"nobody\",\"socketId\":\"none\"}",
                    404),
            new Call("get", "/admin/live", "/admin/live", null, 200),
            new Call("get", "/admin/", "/admin/", null, 200),
            new Call("head", "/admin/", "/admin/", null, 200),
            new Call(
                    "post",
                    "/dev/notifications/test",
                    "/dev/notifications/test",
                    "{\"userId\":\"ann\",\"event\":\"n\"}",
                    201),
            new Call("get", "/health", "/health", null, 200),
            new Call("get", "/health/live", "/health/live", null, 200),
            new Call("get", "/health/ready", "/health/ready", null, 200),
            new Call("get", "/metrics", "/metrics", null, 200),
            new Call("get", "/openapi.json", "/openapi.json", null, 200),
            new Call("get", "/asyncapi.json", "/asyncapi.json", null, 200));

    private static TestServer server;
    private static JsonNode http;
    private static JsonNode events;

    private record Call(String method, String documented, String target, String body, int status) {}

    @BeforeAll
    static void start() {
        server = new TestServer(b -> b, b -> b.metrics(() -> "x 1\n"));
        http = server.get("/openapi.json", null).json();
        events = server.get("/asyncapi.json", null).json();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    // ---- OpenAPI
    // --------------------------------------------------------------------------------------------------------

    @Test
    void everyRouteIsDocumentedAndEveryDocumentedPathIsRouted() {
        Set<String> documented = names(http.path("paths")).stream()
                .map(path -> path.replaceAll("\\{id}/read$|\\{event}$|\\{id}$", "*"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> routed = server.server.paths().stream()
                // the same with and without the slash at the end
                .map(path -> path.equals("/ws/notifications/") ? "/ws/notifications" : path)
                .map(path -> path.equals("/socket.io/*") ? "/socket.io/" : path)
                // the dashboard's files
                .map(path -> path.matches("/admin(/[^/]*\\.[a-zA-Z.]+)?") ? "/admin/" : path)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented).isEqualTo(routed);
    }

    @Test
    void whatThisServerHasNotIsNotDocumented() {
        try (TestServer production =
                new TestServer(b -> b, b -> b.devMode(false).dashboard(false))) {
            Set<String> paths =
                    names(production.get("/openapi.json", null).json().path("paths"));

            assertThat(paths)
                    .doesNotContain("/dev/notifications/test", "/metrics", "/admin/")
                    .contains("/notifications");
        }
    }

    @Test
    void everyOperationIsCalledHere() {
        Set<String> documented = new TreeSet<>();
        http.path("paths")
                .properties()
                .forEach(
                        path -> names(path.getValue()).forEach(method -> documented.add(method + " " + path.getKey())));

        assertThat(CALLS.stream().map(c -> c.method() + " " + c.documented()).collect(Collectors.toSet()))
                .isEqualTo(documented);
    }

    @Test
    void everyOperationAnswersAsDocumented() {
        for (Call call : CALLS) {
            check(call, ask(call, ADMIN), call.status());
        }
    }

    @Test
    void aStoryAnswersAsDocumented() {
        String id = server.post("/notifications", ADMIN, SEND).json().path("id").textValue();
        Call story = new Call("get", "/admin/notifications/{id}", "/admin/notifications/" + id, null, 200);

        check(story, ask(story, ADMIN), 200);
    }

    @Test
    void withoutATokenEveryOperationThatNeedsOneIs401AndNoOther() {
        for (Call call : CALLS) {
            JsonNode operation = http.path("paths").path(call.documented()).path(call.method());
            JsonNode security = operation.has("security") ? operation.path("security") : http.path("security");
            if (!security.isEmpty() && !call.documented().equals("/ws/notifications")) {
                check(call, ask(call, null), 401);
            } else {
                assertThat(ask(call, null).status()).as(call.toString()).isNotEqualTo(401);
            }
        }
    }

    @Test
    void whatIsForAdministratorsIs403ForOthers() {
        for (Call call : CALLS) {
            if (call.documented().startsWith("/admin/") && !call.documented().equals("/admin/")) {
                check(call, ask(call, TestServer.token("ann", "CUSTOMER")), 403);
            }
        }
    }

    @Test
    void aMethodThatIsNotDocumentedIs405() {
        for (Call call : CALLS) {
            JsonNode path = http.path("paths").path(call.documented());
            if (path.elements().next().path("responses").has("405")) {
                Answer answer = server.exchange("PATCH", call.target(), ADMIN, "");
                assertThat(answer.status()).as(call.toString()).isEqualTo(405);
                assertThat(answer.header("allow").split(", "))
                        .as(call.toString())
                        .containsExactlyInAnyOrder(names(path).stream()
                                .map(m -> m.toUpperCase(java.util.Locale.ROOT))
                                .toArray(String[]::new));
            }
        }
    }

    private static Answer ask(Call call, String token) {
        if (call.documented().startsWith("/notifications/sse")
                || call.documented().equals("/admin/live")) {
            return head(call, token);
        }
        return server.exchange(call.method().toUpperCase(java.util.Locale.ROOT), call.target(), token, call.body());
    }

    /** A stream does not end: its first line will do. */
    private static Answer head(Call call, String token) {
        try (var client = new io.notify.netty.http.RawClient(server.server.port())) {
            client.send("GET " + call.target() + " HTTP/1.1\r\nHost: x\r\n"
                    + (token == null ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n");
            String head = client.readHead();
            String type = head.lines()
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-type: "))
                    .map(line -> line.substring("content-type: ".length()))
                    .findFirst()
                    .orElse("");
            int status = Integer.parseInt(head.substring(9, 12));
            String body = status == 200 ? "" : "{\"type\":\"about:blank\",\"title\":\"\",\"status\":0,\"detail\":\"\"}";
            return new Answer(status, Map.of("content-type", List.of(type)), body);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void check(Call call, Answer answer, int status) {
        assertThat(answer.status()).as(call + " " + answer.body()).isEqualTo(status);
        JsonNode response = http.path("paths")
                .path(call.documented())
                .path(call.method())
                .path("responses")
                .path(Integer.toString(status));
        assertThat(response.isMissingNode()).as(call + ": is documented").isFalse();
        if (response.has("$ref")) {
            response = http.at(response.path("$ref").textValue().substring(1));
        }
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            assertThat(answer.body()).as(call.toString()).isEmpty();
            return;
        }
        String type = answer.header("content-type").split(";")[0];
        assertThat(content.has(type)).as(call + ": " + type).isTrue();
        if (type.endsWith("json")) {
            assertThat(faults(http, content.path(type).path("schema"), answer.json()))
                    .as(call + " " + answer.body())
                    .isEmpty();
        }
    }

    /** What is wrong with a value by a schema of a document, whose references point into that document. */
    private static List<String> faults(JsonNode document, JsonNode schema, JsonNode value) {
        ObjectNode whole = new ObjectMapper().createObjectNode();
        whole.set("components", document.path("components"));
        whole.putArray("allOf").add(schema);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema((JsonNode) whole)
                .validate(value)
                .stream()
                .map(Object::toString)
                .toList();
    }

    // ---- AsyncAPI
    // -------------------------------------------------------------------------------------------------------

    private static Set<String> tags(MeterRegistry registry, String meter, String tag) {
        return registry.find(meter).meters().stream()
                .map(m -> m.getId().getTag(tag))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyEventEitherSideSaysIsDocumentedAndNoOther() {
        Set<String> known = new HashSet<>(tags(server.service.meters(), "notify.events.sent", "event"));
        known.addAll(tags(server.service.meters(), "notify.events.received", "event"));
        known.removeAll(Set.of("unknown", "malformed"));
        known.addAll(List.of(
                "booking.created",
                "booking.accepted",
                "booking.reminder",
                "booking.completed",
                "review.created",
                "nearby-job",
                "system.maintenance",
                "notification"));

        assertThat(names(events.path("components").path("messages"))).isEqualTo(new TreeSet<>(known));
        for (String channel : List.of("socketIo", "plainWebSocket")) {
            assertThat(names(events.path("channels").path(channel).path("messages")))
                    .isEqualTo(new TreeSet<>(known));
        }
    }

    @Test
    void everyErrorCodeAndEveryReasonForAGapIsDocumented() {
        assertThat(events.at("/components/messages/error/payload/properties/code/enum"))
                .extracting(JsonNode::textValue)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(ErrorCode.values()).map(Enum::name).toList());
        assertThat(events.at("/components/messages/gap/payload/properties/reason/enum"))
                .extracting(JsonNode::textValue)
                .containsExactlyInAnyOrderElementsOf(tags(server.service.meters(), "notify.gaps", "reason"));
    }

    private record Frames(List<JsonNode> received) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            try {
                received.add(new ObjectMapper().readTree(data.toString()));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            socket.request(1);
            return null;
        }
    }

    static Stream<List<String>> conversations() {
        return Stream.of(
                List.of("{\"event\":\"ping\"}", "pong"),
                List.of("{\"event\":\"joinRoom\",\"data\":{\"room\":\"job:1\"}}", "joinedRoom"),
                List.of("{\"event\":\"leaveRoom\",\"data\":\"job:1\"}", "leftRoom"),
                List.of("{\"event\":\"getPresence\"}", "presenceStats"),
                List.of("{\"event\":\"getPresence\",\"data\":{\"userId\":\"root\"}}", "presenceStats"),
                List.of(
                        "{\"event\":\"updateLocation\",\"data\":{\"latitude\":1.5,\"longitude\":2}}",
                        "locationUpdated"),
                List.of("{\"event\":\"refreshToken\",\"data\":{\"token\":\"" + ADMIN + "\"}}", "tokenRefreshed"),
                List.of("{\"event\":\"resume\",\"data\":{\"position\":\"other-1\"}}", "gap"),
                List.of("{\"event\":\"joinRoom\",\"data\":{\"room\":\"\"}}", "error"),
                List.of("", "notificationRead"),
                List.of("", "booking.created"),
                List.of("", "tokenExpiring"));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void whatTheServerReallySaysFitsItsDescription(List<String> conversation) {
        String event = conversation.get(1);
        Frames frames = new Frames(new CopyOnWriteArrayList<>());
        String token =
                event.equals("tokenExpiring") ? TestServer.token("root", Duration.ofSeconds(20), "ADMIN") : ADMIN;
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(URI.create(server.url().replace("http", "ws") + "/ws/notifications"), frames)
                .join();
        if (!conversation.get(0).isEmpty()) {
            socket.sendText(conversation.get(0), true).join();
        } else if (event.equals("booking.created")) {
            server.service.send(Audience.user("root"), event, Map.of("bookingId", 7));
        } else if (event.equals("notificationRead")) {
            var receipt = server.service.send(Audience.user("root"), "n", Map.of());
            server.post("/notifications/" + receipt.id() + "/read", ADMIN, "");
        }

        await().until(() -> frames.received().stream()
                .anyMatch(frame -> frame.path("event").textValue().equals(event)));
        for (JsonNode frame : new ArrayList<>(frames.received())) {
            String name = frame.path("event").textValue();
            JsonNode message =
                    events.path("components").path("messages").path(name.equals("n") ? "notification" : name);
            assertThat(message.isMissingNode()).as(name).isFalse();
            assertThat(faults(events, message.path("payload"), frame.path("data")))
                    .as(frame.toString())
                    .isEmpty();
        }
        socket.abort();
    }
}
