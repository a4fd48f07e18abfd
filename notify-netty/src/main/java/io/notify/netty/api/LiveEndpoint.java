package io.notify.netty.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.notify.Identity;
import io.notify.MetricSample;
import io.notify.NotificationService;
import io.notify.netty.http.Deadline;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.HttpStream;
import io.notify.netty.sse.SseFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /admin/live}: first the figures of the last minutes as one {@code history} event, then {@code figures} each
 * second, until the token's time is over or the client no longer takes them.
 */
final class LiveEndpoint {
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    /** Some minutes of history, and as much again waiting. */
    private static final int MAX_PENDING_BYTES = 1 << 20;

    private final NotificationService service;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Clock clock;

    LiveEndpoint(NotificationService service, Clock clock) {
        this.service = service;
        this.clock = clock;
    }

    void watch(HttpExchange exchange, Identity admin) {
        HttpStream stream = exchange.stream(
                new HttpReply(
                        200,
                        SseFormat.CONTENT_TYPE,
                        SseFormat.heartbeat(),
                        Map.of("Cache-Control", "no-store", "X-Accel-Buffering", "no")),
                MAX_PENDING_BYTES);
        if (stream != null) {
            new Watch(stream, admin.expiresAt()).begin();
        }
    }

    /** One stream; of its event loop. */
    private final class Watch {
        private final HttpStream stream;
        private final @Nullable Instant expiresAt;
        private final Deadline next = new Deadline(this::tick);
        private @Nullable MetricSample shown;

        Watch(HttpStream stream, @Nullable Instant expiresAt) {
            this.stream = stream;
            this.expiresAt = expiresAt;
        }

        void begin() {
            stream.onClose(() -> stream.loop().deadlines().clear(next));
            List<MetricSample> recent = service.metricHistory();
            shown = last(recent);
            say("history", recent.stream().map(OperatorViews.FiguresView::of).toList());
            set(stream.loop().nanoTime());
        }

        private void tick(long now) {
            if (expiresAt != null && !clock.instant().isBefore(expiresAt)) {
                say("expired", Map.of("detail", "The token's time is over."));
                stream.close();
                return;
            }
            MetricSample latest = last(service.metricHistory());
            boolean taken = true;
            if (latest != null && !latest.equals(shown)) {
                shown = latest;
                taken = say("figures", OperatorViews.FiguresView.of(latest));
            }
            if (taken) {
                set(now);
            } else {
                stream.close();
            }
        }

        private void set(long now) {
            stream.loop().deadlines().set(next, now + BETWEEN.toNanos());
        }

        private boolean say(String event, Object data) {
            try {
                boolean taken = stream.outbound().offer(SseFormat.event(event, mapper.writeValueAsBytes(data)));
                stream.outbound().flush();
                return taken;
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a view that cannot be written", e);
            }
        }
    }

    private static @Nullable MetricSample last(List<MetricSample> figures) {
        return figures.isEmpty() ? null : figures.get(figures.size() - 1);
    }
}
