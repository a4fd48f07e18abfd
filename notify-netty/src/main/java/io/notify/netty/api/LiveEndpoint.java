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
 * Handles {@code GET /admin/live}, a stream of live figures. It starts with one {@code history} event of the last minutes,
 * then sends {@code figures} each second. It ends when the token expires or the client is too slow.
 */
final class LiveEndpoint {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** Holds the history and as much again. */
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

    /** One stream. Event loop only. */
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
            send("history", recent.stream().map(OperatorViews.FiguresView::of).toList());
            scheduleNext(stream.loop().nanoTime());
        }

        private void tick(long now) {
            if (expiresAt != null && !clock.instant().isBefore(expiresAt)) {
                send("expired", Map.of("detail", "The token has expired."));
                stream.close();
                return;
            }
            MetricSample latest = last(service.metricHistory());
            boolean accepted = true;
            if (latest != null && !latest.equals(shown)) {
                shown = latest;
                accepted = send("figures", OperatorViews.FiguresView.of(latest));
            }
            if (accepted) {
                scheduleNext(now);
            } else {
                stream.close();
            }
        }

        private void scheduleNext(long now) {
            stream.loop().deadlines().set(next, now + INTERVAL.toNanos());
        }

        private boolean send(String event, Object data) {
            try {
                boolean accepted = stream.outbound().offer(SseFormat.event(event, mapper.writeValueAsBytes(data)));
                stream.outbound().flush();
                return accepted;
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("view: not serializable (expected: a record of JSON types)", e);
            }
        }
    }

    private static @Nullable MetricSample last(List<MetricSample> figures) {
        return figures.isEmpty() ? null : figures.get(figures.size() - 1);
    }
}
