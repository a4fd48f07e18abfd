package io.notify;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces with the host's OpenTelemetry, following its messaging conventions: one span per send, one per commit of a batch, and one
 * per delivery to any number of connections. No attribute contains a token, a payload, or more of the audience than its kind. A
 * tracer that fails does not affect notifications.
 *
 * <p>Only this class and one method of the builder need the OpenTelemetry API on the class path. Thread-safe.
 */
final class Spans implements Tracing {
    private static final Logger LOG = LoggerFactory.getLogger(Spans.class);
    private static final String DESTINATION = "notifications";

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> DESTINATION_NAME = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<Long> BATCH = AttributeKey.longKey("messaging.batch.message_count");
    private static final AttributeKey<String> MESSAGE_ID = AttributeKey.stringKey("messaging.message.id");
    private static final AttributeKey<Long> BODY_SIZE = AttributeKey.longKey("messaging.message.body.size");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    // attributes that the conventions do not define
    private static final AttributeKey<String> EVENT = AttributeKey.stringKey("messaging.notify.event");
    private static final AttributeKey<String> AUDIENCE = AttributeKey.stringKey("messaging.notify.audience");
    private static final AttributeKey<Boolean> DURABLE = AttributeKey.booleanKey("messaging.notify.durable");
    private static final AttributeKey<Boolean> DUPLICATE = AttributeKey.booleanKey("messaging.notify.duplicate");
    private static final AttributeKey<Long> CONNECTIONS = AttributeKey.longKey("messaging.notify.connections");
    private static final AttributeKey<Long> TAKEN = AttributeKey.longKey("messaging.notify.taken");

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final AtomicBoolean failed = new AtomicBoolean();

    Spans(OpenTelemetry openTelemetry) {
        this.tracer = openTelemetry.getTracer("io.notify");
        this.propagator = openTelemetry.getPropagators().getTextMapPropagator();
    }

    @Override
    public <T> T continuing(Function<String, @Nullable String> header, Supplier<T> work) {
        return extracted(header).wrapSupplier(work).get();
    }

    private Context extracted(Function<String, @Nullable String> header) {
        Context current = Context.current();
        try {
            return propagator.extract(current, header, Headers.GETTER);
        } catch (RuntimeException e) {
            failed(e);
            return current;
        }
    }

    @Override
    public Sent send(Notification notification) {
        try {
            Context parent = Context.current();
            Span span = builder("send", SpanKind.PRODUCER, parent)
                    .setAttribute(OPERATION_TYPE, "send")
                    .setAttribute(EVENT, notification.event())
                    .setAttribute(AUDIENCE, kind(notification.audience()))
                    .setAttribute(DURABLE, notification.durable())
                    .startSpan();
            return span.isRecording() ? new SendSpan(span, parent.with(span)) : Sent.NONE;
        } catch (RuntimeException e) {
            failed(e);
            return Sent.NONE;
        }
    }

    @Override
    @SuppressWarnings("try") // the scope is there to be closed
    public List<Appended> append(List<? extends Traced> batch, Supplier<List<Appended>> append) {
        Span span = commit(batch);
        if (span == null) {
            return append.get();
        }
        try (Scope scope = span.makeCurrent()) { // so that a driver's own spans are within
            return append.get();
        } catch (RuntimeException | OutOfMemoryError e) {
            guarded(() -> error(span, e.getClass().getName()));
            throw e;
        } finally {
            guarded(span::end);
        }
    }

    /** The span of a batch's commit; null if none of its sends is recorded. */
    private @Nullable Span commit(List<? extends Traced> batch) {
        List<SendSpan> sends = new ArrayList<>(batch.size());
        for (Traced traced : batch) {
            if (traced.sent() instanceof SendSpan send) {
                sends.add(send);
            }
        }
        if (sends.isEmpty()) {
            return null;
        }
        try {
            // within the trace of the first, so that a sampler which took that takes this as well
            SpanBuilder builder = builder(
                            "commit", SpanKind.INTERNAL, Context.root().with(sends.get(0).span))
                    .setAttribute(BATCH, (long) batch.size());
            for (SendSpan send : sends) {
                builder.addLink(send.span.getSpanContext());
            }
            return builder.startSpan();
        } catch (RuntimeException e) {
            failed(e);
            return null;
        }
    }

    private SpanBuilder builder(String operation, SpanKind kind, Context parent) {
        return tracer.spanBuilder(operation + " " + DESTINATION)
                .setSpanKind(kind)
                .setParent(parent)
                .setAttribute(SYSTEM, "notify")
                .setAttribute(DESTINATION_NAME, DESTINATION)
                .setAttribute(OPERATION, operation);
    }

    /** Returns the prefix of the audience key, as in {@code user:42}; {@code everyone} has none. */
    private static String kind(Audience audience) {
        String key = audience.key();
        int colon = key.indexOf(':');
        return colon < 0 ? key : key.substring(0, colon);
    }

    /** Records the class or the reason only: an exception's message may quote the payload. */
    private static void error(Span span, String type) {
        span.setAttribute(ERROR_TYPE, type);
        span.setStatus(StatusCode.ERROR);
    }

    private static String errorType(Throwable failure) {
        if (failure instanceof SendRefusedException refused) {
            return refused.reason().name().toLowerCase(Locale.ROOT);
        }
        return failure instanceof InvalidNotificationException
                ? "invalid"
                : failure.getClass().getName();
    }

    private void guarded(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void failed(RuntimeException e) {
        if (failed.compareAndSet(false, true)) {
            LOG.warn("the OpenTelemetry instance failed; spans are missing", e);
        } else {
            LOG.debug("the OpenTelemetry instance failed again", e);
        }
    }

    /** The span of a send. Ends with the answer, on the thread that completes it. */
    private final class SendSpan implements Sent {
        private final Span span;
        private final Context context;

        SendSpan(Span span, Context context) {
            this.span = span;
            this.context = context;
        }

        @Override
        public CompletableFuture<Receipt> until(CompletableFuture<Receipt> answer) {
            // not answer.whenComplete(...) itself, which would wrap a refusal
            CompletableFuture<Receipt> recorded = new CompletableFuture<>();
            CompletableFuture<Receipt> unused = answer.whenComplete((receipt, failure) -> {
                guarded(() -> end(receipt, failure));
                if (failure == null) {
                    recorded.complete(receipt);
                } else {
                    recorded.completeExceptionally(failure);
                }
            });
            return recorded;
        }

        private void end(@Nullable Receipt receipt, @Nullable Throwable failure) {
            if (failure != null) {
                error(span, errorType(failure));
            } else if (receipt != null) {
                span.setAttribute(MESSAGE_ID, receipt.id().toString());
                span.setAttribute(CONNECTIONS, (long) receipt.connections());
                if (receipt.duplicate()) {
                    span.setAttribute(DUPLICATE, true);
                }
            }
            span.end();
        }

        @Override
        public Passage deliver(OutboundEvent event) {
            try {
                return new DeliverySpan(builder("deliver", SpanKind.CONSUMER, context)
                        .setAttribute(OPERATION_TYPE, "process")
                        .setAttribute(MESSAGE_ID, String.valueOf(event.id()))
                        .setAttribute(BODY_SIZE, (long) event.data().length)
                        .setAttribute(EVENT, event.name())
                        .setAttribute(DURABLE, !event.volatileDelivery())
                        .startSpan());
            } catch (RuntimeException e) {
                failed(e);
                return Passage.NONE;
            }
        }
    }

    /** The span of a delivery. Ends with its last part, on that part's thread. */
    private final class DeliverySpan implements Passage {
        private final Span span;
        private final AtomicInteger parts = new AtomicInteger();
        private final AtomicInteger connections = new AtomicInteger();
        private final AtomicInteger taken = new AtomicInteger();

        DeliverySpan(Span span) {
            this.span = span;
        }

        @Override
        public void begin() {
            parts.incrementAndGet();
        }

        @Override
        public void offered(int offered, int took) {
            connections.addAndGet(offered);
            taken.addAndGet(took);
        }

        @Override
        public void end() {
            if (parts.decrementAndGet() == 0) {
                guarded(() -> span.setAllAttributes(
                                Attributes.of(CONNECTIONS, (long) connections.get(), TAKEN, (long) taken.get()))
                        .end());
            }
        }
    }

    private enum Headers implements TextMapGetter<Function<String, @Nullable String>> {
        GETTER;

        @Override
        @SuppressWarnings("deprecation") // older versions of the API want it
        public Iterable<String> keys(Function<String, @Nullable String> headers) {
            return List.of(); // propagators ask by name
        }

        @Override
        public @Nullable String get(@Nullable Function<String, @Nullable String> headers, String name) {
            return headers == null ? null : headers.apply(name);
        }
    }
}
