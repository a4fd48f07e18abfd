package io.notify.netty.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.notify.Audience;
import io.notify.netty.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A host's mapper writes the host's data, and nothing of ours. */
class HostsMapperTest {
    private static final String ADMIN = TestServer.token("root", "ADMIN");

    private final ObjectMapper hosts = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .configure(JsonWriteFeature.WRITE_NUMBERS_AS_STRINGS, true)
            .build();
    private final TestServer server = new TestServer(b -> b.objectMapper(hosts), b -> b);

    @AfterEach
    void close() {
        server.close();
    }

    /** What a host sends. */
    record Booking(int bookingId) {}

    @Test
    void answersHaveOurNamesAndTypesAndTheDataItsOwn() {
        server.service.send(Audience.user("ann"), "booking.created", new Booking(7));

        JsonNode row = get("/admin/notifications/logs").path("items").path(0);
        assertThat(names(row)).contains("userId", "deliveredAt", "createdAt", "error");
        assertThat(row.path("error").isNull()).isTrue();
        assertThat(row.path("payload").path("data").path("booking_id").textValue())
                .isEqualTo("7");
        assertThat(row.path("payload").path("createdAt").textValue())
                .isEqualTo(row.path("createdAt").textValue());

        JsonNode stats = get("/admin/notifications/stats");
        assertThat(stats.path("total").isIntegralNumber()).isTrue();
        assertThat(names(stats)).contains("deliveryRate", "byEvent", "deliveryMsP50");
        assertThat(names(stats.path("presence"))).contains("onlineUsers", "usersByRole");
        assertThat(get("/health").toString()).doesNotContain("_");
        assertThat(get("/notifications/unread-count").path("count").isIntegralNumber())
                .isTrue();
    }

    private JsonNode get(String path) {
        TestServer.Answer answer = server.get(path, ADMIN);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
