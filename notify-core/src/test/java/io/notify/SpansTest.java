package io.notify;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.notify.TestNode.Peer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a host's OpenTelemetry is told of sends, commits and deliveries. */
@Timeout(60)
class SpansTest {
    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk openTelemetry = sdk(SimpleSpanProcessor.create(exporter), Sampler.alwaysOn());

    private static OpenTelemetrySdk sdk(SpanProcessor processor, Sampler sampler) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(processor)
                        .setSampler(sampler)
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }

    private TestNode node() {
        return new TestNode(b -> b.openTelemetry(openTelemetry));
    }

    private List<SpanData> spans(String name) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private SpanData span(String name) {
        assertThat(spans(name)).hasSize(1);
        return spans(name).get(0);
    }

    @Test
    void aSendIsAProducerWithinTheCallersSpanAndTheCommitAndTheDeliveryAreWithinTheSend() {
        try (TestNode node = node()) {
            node.connect("ann");
            Span caller = openTelemetry.getTracer("host").spanBuilder("booking").startSpan();
            Receipt receipt = Context.current()
                    .with(caller)
                    .wrapSupplier(
                            () -> node.service.send(Audience.user("ann"), "booking.created", Map.of("bookingId", 7)))
                    .get();
            node.settle();

            SpanData send = span("send notifications");
            assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
            assertThat(send.getParentSpanId()).isEqualTo(caller.getSpanContext().getSpanId());
            assertThat(send.getTraceId()).isEqualTo(caller.getSpanContext().getTraceId());
            assertThat(send.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
            assertThat(send.getAttributes().asMap())
                    .containsEntry(stringKey("messaging.system"), "notify")
                    .containsEntry(stringKey("messaging.destination.name"), "notifications")
                    .containsEntry(stringKey("messaging.operation.name"), "send")
                    .containsEntry(stringKey("messaging.operation.type"), "send")
                    .containsEntry(
                            stringKey("messaging.message.id"), receipt.id().toString())
                    .containsEntry(stringKey("messaging.notify.event"), "booking.created")
                    .containsEntry(stringKey("messaging.notify.audience"), "user")
                    .containsEntry(booleanKey("messaging.notify.durable"), true)
                    .containsEntry(longKey("messaging.notify.connections"), 1L)
                    .doesNotContainKey(stringKey("error.type"));

            SpanData commit = span("commit notifications");
            assertThat(commit.getKind()).isEqualTo(SpanKind.INTERNAL);
            assertThat(commit.getParentSpanId()).isEqualTo(send.getSpanId());
            assertThat(commit.getLinks())
                    .singleElement()
                    .satisfies(link ->
                            assertThat(link.getSpanContext().getSpanId()).isEqualTo(send.getSpanId()));
            assertThat(commit.getAttributes().asMap())
                    .containsEntry(stringKey("messaging.operation.name"), "commit")
                    .containsEntry(longKey("messaging.batch.message_count"), 1L);

            SpanData delivery = span("deliver notifications");
            assertThat(delivery.getKind()).isEqualTo(SpanKind.CONSUMER);
            assertThat(delivery.getParentSpanId()).isEqualTo(send.getSpanId());
            assertThat(delivery.getAttributes().asMap())
                    .containsEntry(stringKey("messaging.operation.name"), "deliver")
                    .containsEntry(stringKey("messaging.operation.type"), "process")
                    .containsEntry(
                            stringKey("messaging.message.id"), receipt.id().toString())
                    .containsEntry(longKey("messaging.notify.connections"), 1L)
                    .containsEntry(longKey("messaging.notify.taken"), 1L);
            assertThat(exporter.getFinishedSpanItems()).hasSize(3);
        }
    }

    @Test
    void aBroadcastToHundredConnectionsOnSeveralLanesMakesAsManySpansAsOneToOne() {
        ExecutorService otherLoop = Executors.newSingleThreadExecutor();
        try (TestNode node = node()) {
            Lane other = node.service.gateway().lane(otherLoop);
            for (int i = 0; i < 50; i++) {
                node.connect("user" + i);
                connect(node, other, otherLoop, "other" + i);
            }

            node.service.send(Audience.everyone(), "n", Map.of());
            await().until(() -> spans("deliver notifications").size() == 1);

            assertThat(exporter.getFinishedSpanItems()).hasSize(3);
            assertThat(span("deliver notifications").getAttributes().asMap())
                    .containsEntry(longKey("messaging.notify.connections"), 100L)
                    .containsEntry(longKey("messaging.notify.taken"), 100L);
        } finally {
            otherLoop.shutdownNow();
        }
    }

    private static void connect(TestNode node, Lane lane, ExecutorService loop, String token) {
        Gateway gateway = node.service.gateway();
        Identity identity = gateway.authenticate(token).toCompletableFuture().join();
        RecordingSession session = new RecordingSession();
        CompletableFuture.runAsync(
                        () -> session.connection(lane.open(new ConnectRequest(identity, token, null), session)), loop)
                .join();
    }

    @Test
    void aListOfUsersIsOneDeliveryAndTakersAreToldFromThoseThatWereOffered() {
        try (TestNode node = node()) {
            node.connect("ann");
            node.connect("bob", new RecordingSession(Transport.SSE, 1), null, null); // has had its greeting: full

            node.service.send(Audience.users(List.of("ann", "bob", "nobody")), "n", Map.of());
            node.settle();

            assertThat(span("deliver notifications").getAttributes().asMap())
                    .containsEntry(longKey("messaging.notify.connections"), 2L)
                    .containsEntry(longKey("messaging.notify.taken"), 1L);
            assertThat(span("send notifications").getAttributes().get(stringKey("messaging.notify.audience")))
                    .isEqualTo("users");
        }
    }

    @Test
    void whatReachesNobodyIsADeliveryToNone() {
        try (TestNode node = node()) {
            node.service.send(Audience.user("ann"), "n", Map.of());

            assertThat(span("deliver notifications").getAttributes().asMap())
                    .containsEntry(longKey("messaging.notify.connections"), 0L)
                    .containsEntry(longKey("messaging.notify.taken"), 0L);
        }
    }

    @Test
    void aVolatileSendHasNoCommit() {
        try (TestNode node = node()) {
            node.connect("ann");
            Receipt receipt = node.service.send(Notification.builder(Audience.everyone(), "n")
                    .volatileDelivery()
                    .build());
            node.settle();

            assertThat(exporter.getFinishedSpanItems())
                    .hasSize(2)
                    .allSatisfy(span -> assertThat(span.getAttributes().asMap())
                            .containsEntry(booleanKey("messaging.notify.durable"), false)
                            .containsEntry(
                                    stringKey("messaging.message.id"),
                                    receipt.id().toString()));
            assertThat(span("deliver notifications").getParentSpanId())
                    .isEqualTo(span("send notifications").getSpanId());
        }
    }

    @Test
    void theCommitOfABatchIsLinkedToAllItsSendsAndWithinTheFirst() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        NotificationLog slow =
                Intercepted.before(NotificationLog.class, NotificationLog.inMemory(), "append"::equals, () -> {
                    begun.countDown();
                    gate.await();
                });
        try (TestNode node = new TestNode(b -> b.log(slow).openTelemetry(openTelemetry))) {
            List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
            receipts.add(node.service.sendAsync(
                    Notification.builder(Audience.everyone(), "first").build()));
            await().until(() -> begun.getCount() == 0);
            for (String event : List.of("a", "b", "c")) {
                receipts.add(node.service.sendAsync(
                        Notification.builder(Audience.everyone(), event).build()));
            }
            gate.countDown();
            receipts.forEach(CompletableFuture::join);

            SpanData batch = spans("commit notifications").get(1);
            List<SpanData> sends = spans("send notifications").subList(1, 4);
            assertThat(batch.getAttributes().get(longKey("messaging.batch.message_count")))
                    .isEqualTo(3);
            assertThat(batch.getLinks())
                    .extracting(link -> link.getSpanContext().getSpanId())
                    .containsExactlyElementsOf(
                            sends.stream().map(SpanData::getSpanId).toList());
            assertThat(batch.getParentSpanId()).isEqualTo(sends.get(0).getSpanId());
            assertThat(sends).extracting(SpanData::getTraceId).doesNotHaveDuplicates();
        }
    }

    @Test
    void theCommitIsCurrentWhileTheLogAppends() {
        AtomicReference<String> current = new AtomicReference<>();
        NotificationLog log = Intercepted.before(
                NotificationLog.class,
                NotificationLog.inMemory(),
                "append"::equals,
                () -> current.set(Span.current().getSpanContext().getSpanId()));
        try (TestNode node = new TestNode(b -> b.log(log).openTelemetry(openTelemetry))) {
            node.service.send(Audience.user("ann"), "n", Map.of());

            assertThat(current).hasValue(span("commit notifications").getSpanId());
        }
    }

    @Test
    void aFailedAppendIsAnErrorOfTheCommitAndOfTheSendWithoutWhatTheExceptionSays() {
        NotificationLog broken =
                Intercepted.before(NotificationLog.class, NotificationLog.inMemory(), "append"::equals, () -> {
                    throw new LogUnavailableException("no room for row (secret)", new IllegalStateException("away"));
                });
        try (TestNode node = new TestNode(b -> b.log(broken).openTelemetry(openTelemetry))) {
            Throwable refusal = catchThrowable(() -> node.service.send(Audience.user("ann"), "n", Map.of()));

            assertThat(refusal).isInstanceOf(SendRefusedException.class);
            assertThat(span("commit notifications").getAttributes().get(stringKey("error.type")))
                    .isEqualTo("io.notify.LogUnavailableException");
            assertThat(span("send notifications").getAttributes().get(stringKey("error.type")))
                    .isEqualTo("log_unavailable");
            assertThat(exporter.getFinishedSpanItems()).hasSize(2).allSatisfy(span -> {
                assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
                assertThat(span.toString()).doesNotContain("secret");
                assertThat(span.getEvents()).isEmpty();
            });
        }
    }

    @Test
    void whatCanNeverBeSentIsAnErrorAndIsRefusedAsEver() {
        try (TestNode node = node()) {
            Notification invalid = Notification.builder(Audience.user("ann"), "n")
                    .data("no object")
                    .build();
            Notification valid = Notification.builder(Audience.user("ann"), "n").build();

            AtomicReference<Throwable> failure = new AtomicReference<>();
            CompletableFuture<Receipt> refused =
                    node.service.sendAsync(invalid).whenComplete((receipt, e) -> failure.set(e));
            assertThat(refused).isCompletedExceptionally();
            assertThat(failure.get()).isInstanceOf(InvalidNotificationException.class);
            assertThat(span("send notifications").getAttributes().get(stringKey("error.type")))
                    .isEqualTo("invalid");
            assertThat(span("send notifications").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);

            assertThat(node.service.sendAllAsync(List.of(valid, invalid))).isCompletedExceptionally();
            assertThat(spans("send notifications")).hasSize(2);
        }
    }

    @Test
    void aDuplicateIsMarkedAndDeliveredByNobody() {
        try (TestNode node = node()) {
            Notification keyed = Notification.builder(Audience.user("ann"), "n")
                    .idempotencyKey("s", "k")
                    .build();
            Receipt first = node.service.send(keyed);
            exporter.reset();

            node.service.send(keyed);

            assertThat(span("send notifications").getAttributes().asMap())
                    .containsEntry(booleanKey("messaging.notify.duplicate"), true)
                    .containsEntry(stringKey("messaging.message.id"), first.id().toString());
            assertThat(spans("deliver notifications")).isEmpty();
        }
    }

    @Test
    void noSpanTellsWhomItIsForOrWhatItSays() {
        try (TestNode node = node()) {
            node.connect("secret-user/secret-role");
            Notification.Builder content = Notification.builder(Audience.user("secret-user"), "n")
                    .data(Map.of("secret-key", "secret-value"))
                    .title("secret-title")
                    .message("secret-message")
                    .idempotencyKey("secret-sender", "secret-idempotency")
                    .collapseKey("secret-collapse");
            node.service.send(content.build());
            node.service.send(Audience.role("secret-role"), "n", Map.of());
            node.service.send(Audience.room("secret:room"), "n", Map.of());
            node.service.send(Audience.session("secret-session"), "n", Map.of());
            node.settle();

            assertThat(spans("send notifications"))
                    .extracting(span -> span.getAttributes().get(stringKey("messaging.notify.audience")))
                    .containsExactly("user", "role", "room", "session");
            assertThat(exporter.getFinishedSpanItems())
                    .hasSize(12)
                    .allSatisfy(span -> assertThat(span.toString()).doesNotContain("secret"));
        }
    }

    @Test
    void aRequestsHeadersContinueTheirTrace() {
        try (TestNode node = node()) {
            Map<String, String> headers =
                    Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            Receipt receipt = node.service
                    .gateway()
                    .continuing(headers::get, () -> node.service.send(Audience.user("ann"), "n", Map.of()));

            assertThat(receipt.position()).isNotNull();
            SpanData send = span("send notifications");
            assertThat(send.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
            assertThat(send.getParentSpanId()).isEqualTo("b7ad6b7169203331");
            assertThat(Context.current()).isSameAs(Context.root());
        }
    }

    @Test
    void aSendThatIsNotSampledHasNoCommitAndNoDelivery() {
        OpenTelemetry off = sdk(SimpleSpanProcessor.create(exporter), onlyCommits());
        try (TestNode node = new TestNode(b -> b.openTelemetry(off))) {
            node.connect("ann");
            node.service.send(Audience.user("ann"), "n", Map.of());
            node.settle();

            assertThat(exporter.getFinishedSpanItems()).isEmpty();
        }
    }

    /** Would take a commit or a delivery that asked. */
    private static Sampler onlyCommits() {
        return new Sampler() {
            @Override
            public SamplingResult shouldSample(
                    Context parent,
                    String traceId,
                    String name,
                    SpanKind kind,
                    Attributes attributes,
                    List<LinkData> links) {
                return name.startsWith("send") ? SamplingResult.drop() : SamplingResult.recordAndSample();
            }

            @Override
            public String getDescription() {
                return "no sends";
            }
        };
    }

    @Test
    void aTracerThatFailsCostsNobodyANotification() {
        for (boolean atStart : new boolean[] {true, false}) {
            OpenTelemetry failing = sdk(new Failing(atStart), Sampler.alwaysOn());
            try (TestNode node = new TestNode(b -> b.openTelemetry(failing))) {
                Peer ann = node.connect("ann");

                assertThat(node.service
                                .send(Audience.user("ann"), "n", Map.of())
                                .connections())
                        .isEqualTo(1);
                node.settle();

                assertThat(ann.session.events("n")).hasSize(1);
                assertThatThrownBy(() -> node.service.send(Audience.user("ann"), "n", "no object"))
                        .isInstanceOf(InvalidNotificationException.class);
            }
        }
    }

    private record Failing(boolean atStart) implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            if (atStart) {
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            throw new IllegalStateException("on purpose");
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }

    @Test
    void withoutOpenTelemetryNothingIsMadeForASendOrADelivery() {
        Tracing none = NotificationService.builder().tracing;
        Notification notification =
                Notification.builder(Audience.everyone(), "n").build();
        CompletableFuture<Receipt> answer = new CompletableFuture<>();
        OutboundEvent event = new OutboundEvent("n", new byte[0], null, new Position("e", 1), false);

        assertThat(none).isSameAs(Tracing.NONE);
        assertThat(none.send(notification)).isSameAs(Tracing.Sent.NONE);
        assertThat(Tracing.Sent.NONE.until(answer)).isSameAs(answer);
        assertThat(Tracing.Sent.NONE.deliver(event)).isSameAs(Tracing.Passage.NONE);
    }
}
