package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A trace from the request that sends to the sockets. */
class TraceTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + CALLER + "-01";

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk openTelemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    private final TestServer server = new TestServer(b -> b.openTelemetry(openTelemetry), b -> b);

    @AfterEach
    void close() {
        server.close();
    }

    private List<SpanData> spans(String name) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/notifications | {\"audience\":{\"user\":\"ann\"},\"event\":\"n\",\"data\":{}}",
                "/notifications/batch | {\"notifications\":[{\"audience\":{\"user\":\"ann\"},\"event\":\"n\",\"data\":{}}]}",
                "/admin/notifications/broadcast | {\"title\":\"t\",\"message\":\"m\"}",
                "/dev/notifications/test | {\"userId\":\"ann\",\"event\":\"n\",\"data\":{}}"
            })
    void everyRequestThatSendsContinuesItsTraceToTheDelivery(String path, String body) {
        String token = TestServer.token("backend", "ADMIN");
        TestServer.Answer answer = server.post(path, token, body, "traceparent", TRACEPARENT);

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        await().until(() -> spans("deliver notifications").size() == 1);
        SpanData send = spans("send notifications").get(0);
        assertThat(send.getTraceId()).isEqualTo(TRACE);
        assertThat(send.getParentSpanId()).isEqualTo(CALLER);
        assertThat(spans("deliver notifications").get(0).getTraceId()).isEqualTo(TRACE);
        assertThat(exporter.getFinishedSpanItems().toString()).doesNotContain(token);
    }

    @Test
    void aRequestWithoutATraceOrWithABrokenOneBeginsItsOwn() {
        String body = "{\"audience\":{\"user\":\"ann\"},\"event\":\"n\",\"data\":{}}";
        String token = TestServer.token("backend", "SERVICE");
        server.post("/notifications", token, body, "traceparent", TRACEPARENT);
        server.post("/notifications", token, body);
        server.post("/notifications", token, body, "traceparent", "00-nonsense");

        assertThat(spans("send notifications"))
                .extracting(SpanData::getParentSpanId)
                .containsExactly(CALLER, "0000000000000000", "0000000000000000");
    }
}
