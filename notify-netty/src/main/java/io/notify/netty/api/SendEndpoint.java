package io.notify.netty.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.Identity;
import io.notify.KeyedRateLimiter;
import io.notify.Notification;
import io.notify.NotificationService;
import io.notify.Receipt;
import io.notify.json.StrictJson;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Handles {@code POST /notifications} and {@code /notifications/batch}. Answers only after the log has committed. */
final class SendEndpoint {
    private static final int MAX_BATCH = 512;
    private static final Set<String> BATCH_FIELDS = Set.of("notifications");
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final NotificationService service;
    private final Guard guard;
    private final KeyedRateLimiter<String> limit;
    private final Bodies bodies;
    private final int maxBodyBytes;
    private final LongAdder limited = new LongAdder();

    SendEndpoint(
            NotificationService service, Guard guard, KeyedRateLimiter<String> limit, Bodies bodies, int maxBodyBytes) {
        this.service = service;
        this.guard = guard;
        this.limit = limit;
        this.bodies = bodies;
        this.maxBodyBytes = maxBodyBytes;
    }

    void one(HttpExchange exchange, Identity sender) {
        acquire(sender, 1);
        exchange.readBody(
                maxBodyBytes,
                body -> guard.guarded(exchange, () -> {
                    StrictJson.Kept parsed = bodies.keepingData(body);
                    Notification notification =
                            SendBody.read(parsed.root(), parsed, sender.userId(), exchange.header(IDEMPOTENCY_KEY));
                    guard.answer(exchange, traced(exchange, () -> service.sendAsync(notification)), this::receipt);
                }));
    }

    void batch(HttpExchange exchange, Identity sender) {
        exchange.readBody(
                maxBodyBytes * 16,
                body -> guard.guarded(exchange, () -> {
                    StrictJson.Kept parsed = bodies.keepingData(body);
                    SendBody.onlyFields("body", parsed.root(), BATCH_FIELDS);
                    List<Notification> notifications = items(parsed, sender, exchange.header(IDEMPOTENCY_KEY));
                    acquire(sender, notifications.size());
                    guard.answer(exchange, traced(exchange, () -> service.sendAllAsync(notifications)), this::receipts);
                }));
    }

    /** Handles {@code POST /admin/notifications/preview}: what {@link #one} would send, and to how many connections. */
    void preview(HttpExchange exchange, Identity admin) {
        exchange.readBody(
                maxBodyBytes,
                body -> guard.guarded(exchange, () -> {
                    StrictJson.Kept parsed = bodies.keepingData(body);
                    Notification notification = SendBody.read(parsed.root(), parsed, admin.userId(), null);
                    exchange.reply(guard.json(200, OperatorViews.PreviewView.of(service.preview(notification))));
                }));
    }

    /** Counts notifications against the limit of their sender. Every endpoint that sends must call it. */
    void acquire(Identity sender, int notifications) {
        long retryAfterMillis = limit.tryAcquire(sender.userId(), notifications);
        if (retryAfterMillis > 0) {
            limited.increment();
            throw RequestFault.tooMany(retryAfterMillis);
        }
    }

    /** Sends within the trace context of the request. Every endpoint that sends must call it. */
    <T> T traced(HttpExchange exchange, Supplier<T> send) {
        return service.gateway().continuing(exchange::header, send);
    }

    /** Returns the number of requests that exceeded the limit of their sender. */
    long limited() {
        return limited.sum();
    }

    private static List<Notification> items(StrictJson.Kept parsed, Identity sender, @Nullable String key) {
        JsonNode list = parsed.root().path("notifications");
        if (!list.isArray() || list.isEmpty() || list.size() > MAX_BATCH) {
            throw RequestFault.invalid("notifications", "expected a list of 1 to " + MAX_BATCH);
        }
        List<Notification> notifications = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            try {
                // The batch has one key, from which each item derives its own by its index.
                String itemKey = key == null ? null : key + "/" + i;
                notifications.add(SendBody.read(list.get(i), parsed, sender.userId(), itemKey));
            } catch (RequestFault e) {
                throw e.at("notifications[" + i + "]");
            }
        }
        return notifications;
    }

    private HttpReply receipt(Receipt receipt) {
        int status = receipt.position() == null ? 202 : receipt.duplicate() ? 200 : 201;
        return guard.json(status, Views.ReceiptView.of(receipt));
    }

    private HttpReply receipts(List<Receipt> receipts) {
        boolean durable = receipts.stream().anyMatch(r -> r.position() != null);
        return guard.json(
                durable ? 201 : 202,
                new Views.ReceiptsView(
                        receipts.stream().map(Views.ReceiptView::of).toList()));
    }
}
