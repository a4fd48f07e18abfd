package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.notify.Audience;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scrapes a real server and reads what Prometheus would read. */
class MetricsTest {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{(?:[a-zA-Z_]+=\"[^\"]*\",?)*})?) (\\S+)");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final TestServer server = new TestServer(
            b -> b.meterRegistry(registry),
            b -> b.metrics(registry::scrape)
                    .sendLimit(2, Duration.ofMinutes(1))
                    .corsOrigins(Set.of("https://a.example")));
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        server.close();
    }

    /** Every sample by its name and labels; a line that is none fails. */
    private Map<String, Double> scrape() {
        TestServer.Answer answer = server.get("/metrics", null);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("text/plain; version=0.0.4");
        Map<String, Double> samples = new TreeMap<>();
        for (String line : answer.body().split("\n")) {
            if (!line.startsWith("#")) {
                Matcher sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                samples.put(sample.group(1), Double.valueOf(sample.group(2)));
            }
        }
        return samples;
    }

    private WebSocket connect(String user) {
        return client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + TestServer.token(user, "CUSTOMER"))
                .buildAsync(
                        URI.create(server.url().replace("http", "ws") + "/ws/notifications"),
                        new WebSocket.Listener() {})
                .join();
    }

    @Test
    void oneDeliveryCanBeFollowedThroughTheFigures() {
        WebSocket socket = connect("ann");
        server.service.send(Audience.user("ann"), "booking.created", Map.of("bookingId", 7));

        await().untilAsserted(() -> assertThat(scrape())
                .containsEntry("notify_connections{transport=\"plain-websocket\"}", 1.0)
                .containsEntry("notify_users_online", 1.0)
                .containsEntry("notify_port_connections", (double) server.server.connections())
                .containsEntry("notify_sends_total{kind=\"durable\",outcome=\"accepted\"}", 1.0)
                .containsEntry("notify_deliveries_total{kind=\"durable\"}", 1.0)
                .containsEntry("notify_delivery_time_seconds_count", 1.0)
                .containsEntry("notify_log_batch_sum", 1.0)
                .containsEntry("notify_log_available", 1.0)
                .containsEntry("notify_authentications_total{outcome=\"accepted\"}", 1.0)
                .containsEntry("notify_http_responses_total{status=\"1xx\"}", 1.0)
                .containsKeys(
                        "notify_delivery_time_seconds{quantile=\"0.5\"}",
                        "notify_delivery_time_seconds{quantile=\"0.99\"}",
                        "notify_outbound_bytes"));
        socket.abort();
        await().untilAsserted(() -> assertThat(scrape())
                .containsEntry("notify_connections{transport=\"plain-websocket\"}", 0.0)
                .containsEntry("notify_connections_closed_total{reason=\"client\"}", 1.0));
    }

    @Test
    void everyRefusalAtTheDoorIsCountedByItsReason() {
        server.get("/notifications/sse", null);
        server.get("/notifications/sse", TestServer.token("ann", Duration.ofMinutes(-5)));
        server.get("/notifications/sse", "no.jwt");
        server.get("/notifications/sse", null, "Origin", "https://evil.example");
        server.get("/socket.io/?EIO=3&transport=polling", null);
        server.get("/socket.io/?EIO=4&transport=polling&sid=guessed", null);
        String body = "{\"audience\":{\"user\":\"ann\"},\"event\":\"n\"}";
        for (int i = 0; i < 3; i++) {
            server.post("/notifications", TestServer.token("back-end", "SERVICE"), body);
        }

        assertThat(scrape())
                .containsEntry("notify_authentications_total{outcome=\"no_token\"}", 1.0)
                .containsEntry("notify_authentications_total{outcome=\"expired\"}", 1.0)
                .containsEntry("notify_authentications_total{outcome=\"malformed\"}", 1.0)
                .containsEntry("notify_handshakes_refused_total{reason=\"foreign_origin\"}", 1.0)
                .containsEntry("notify_handshakes_refused_total{reason=\"unsupported_version\"}", 1.0)
                .containsEntry("notify_handshakes_refused_total{reason=\"session_unknown\"}", 1.0)
                .containsEntry("notify_rate_limited_total{limit=\"sends\"}", 1.0);
    }

    @Test
    void aScrapeHoldsNothingOfAnyUser() {
        WebSocket socket = connect("canary-user");
        String token = TestServer.token("canary-user", "CANARY-ROLE");
        server.get("/notifications/sse?token=canary-token", null);
        socket.sendText("{\"event\":\"joinRoom\",\"data\":\"job:canary-room\"}", true);
        server.service.send(Audience.user("canary-user"), "canary-event", Map.of("x", "canary-data"));
        server.get("/notifications?limit=1", token);

        assertThat(server.get("/metrics", null).body()).doesNotContainIgnoringCase("canary");
        assertThat(server.get("/health", null).body()).doesNotContainIgnoringCase("canary");
        socket.abort();
    }

    @Test
    void everyMeterIsInTheDocumentsTable() throws Exception {
        String document = Files.readString(Path.of("..", "docs", "METRICS.md"));
        Set<String> documented = new TreeSet<>();
        Matcher rows = Pattern.compile("(?m)^\\| `(notify\\.[a-z.]+)`").matcher(document);
        while (rows.find()) {
            documented.add(rows.group(1));
        }

        Set<String> registered = new TreeSet<>();
        registry.getMeters().forEach(meter -> registered.add(meter.getId().getName()));

        // a timer's percentiles are gauges of their own in some registries, of the same name and more
        assertThat(documented).isEqualTo(registered);
    }

    @Test
    void aServerThatIsClosedLeavesNothingInTheHostsRegistry() {
        server.close();

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void withoutSomethingToRenderThemThereAreNoMetricsToGet() {
        try (TestServer plain = new TestServer()) {
            assertThat(plain.get("/metrics", null).status()).isEqualTo(404);
            MeterRegistry own = plain.service.meters();
            assertThat(own.get("notify.port.connections").gauge().value()).isPositive();
        }
    }
}
