package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.notify.json.StrictJson;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadSchemasTest {
    private static final String ORDER = """
            {"type":"object","required":["orderId"],"additionalProperties":false,
             "properties":{"orderId":{"type":"integer"},
               "lines":{"type":"array","items":{"$ref":"#/$defs/line"}}},
             "$defs":{"line":{"type":"object","properties":{"sku":{"type":"string","maxLength":3}}}}}""";

    private final TestNode node = new TestNode(b -> b.schema("order.placed", ORDER));
    private final PayloadSchemas schemas = node.service.schemas();

    @AfterEach
    void close() {
        node.close();
    }

    private void send(String event, Object data) {
        node.service.send(Audience.user("ann"), event, data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data.orderId|{}",
                "data.orderId|{\"orderId\":\"7\"}",
                "data.extra|{\"orderId\":7,\"extra\":1}",
                "data.lines[1].sku|{\"orderId\":7,\"lines\":[{\"sku\":\"a\"},{\"sku\":\"abcd\"}]}"
            })
    void aSendThatDoesNotFitIsRefusedNamingTheField(String field, String data) {
        assertThatThrownBy(() -> send("order.placed", StrictJson.create().parse(data)))
                .isInstanceOf(InvalidNotificationException.class)
                .hasMessageStartingWith(field + ": ")
                .extracting(e -> ((InvalidNotificationException) e).field())
                .isEqualTo(field);
    }

    @Test
    void aSendThatFitsAndAnEventWithoutASchemaPass() {
        send("order.placed", Map.of("orderId", 7, "lines", List.of(Map.of("sku", "abc"))));
        send("order.cancelled", Map.of("whatever", true));
    }

    @Test
    void aBatchWithOneThatDoesNotFitSendsNone() {
        Notification good = Notification.builder(Audience.user("ann"), "order.placed")
                .data(Map.of("orderId", 1))
                .build();
        Notification bad =
                Notification.builder(Audience.user("ann"), "order.placed").build();

        assertThatThrownBy(() -> node.service.sendAllAsync(List.of(good, bad)).join())
                .hasRootCauseMessage("notifications[1].data.orderId: required property 'orderId' not found");
        assertThat(node.service
                        .archive()
                        .logs(new LogFilter(null, null, null, null, null, null, null, null, null, 10))
                        .toCompletableFuture()
                        .join()
                        .rows())
                .isEmpty();
    }

    @Test
    void aSchemaIsRegisteredReplacedShownAndRemovedWhileRunning() {
        schemas.register("note", "{\"required\":[\"a\"]}");
        assertThatThrownBy(() -> send("note", Map.of())).hasMessageContaining("data.a");

        schemas.register("note", "{\"required\":[\"b\"]}");
        assertThatThrownBy(() -> send("note", Map.of("a", 1))).hasMessageContaining("data.b");
        assertThat(schemas.all()).containsOnlyKeys("note", "order.placed");
        assertThat(schemas.find("note")).contains("{\"required\":[\"b\"]}");

        assertThat(schemas.remove("note")).isTrue();
        assertThat(schemas.remove("note")).isFalse();
        send("note", Map.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not JSON|JSON: not well-formed",
                "[]|expected: a JSON Schema object",
                "{\"type\":\"nonsense\"}|/type",
                "{\"minimum\":\"x\"}|/minimum",
                "{\"pattern\":\"(\"}|Unclosed group",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}|$schema",
                "{\"$ref\":\"#/nowhere\"}|cannot be resolved",
                "{\"$ref\":\"http://127.0.0.1:1/x\"}|$ref points elsewhere",
                "{\"properties\":{\"a\":{\"$dynamicRef\":\"file:///etc/passwd\"}}}|$dynamicRef points elsewhere",
                "{\"allOf\":[{\"$ref\":\"classpath:logback.xml\"}]}|$ref points elsewhere"
            })
    void whatIsNoSchemaOrPointsElsewhereIsRefused(String schema, String why) {
        assertThatThrownBy(() -> schemas.register("note", schema))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("schema: ")
                .hasMessageContaining(why);
        assertThat(schemas.find("note")).isEmpty();
    }
}
