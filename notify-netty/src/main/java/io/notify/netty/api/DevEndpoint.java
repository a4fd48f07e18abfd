package io.notify.netty.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.Audience;
import io.notify.Identity;
import io.notify.Notification;
import io.notify.NotificationService;
import io.notify.json.StrictJson;
import io.notify.netty.http.HttpExchange;
import java.util.Set;

/** Handles {@code POST /dev/notifications/test}: a signed-in user sends a test notification. Exists in dev mode only. */
final class DevEndpoint {
    private static final Set<String> FIELDS = Set.of("userId", "event", "data");

    private final NotificationService service;
    private final SendEndpoint sends;
    private final Guard guard;
    private final Bodies bodies;
    private final int maxBodyBytes;

    DevEndpoint(NotificationService service, SendEndpoint sends, Guard guard, Bodies bodies, int maxBodyBytes) {
        this.service = service;
        this.sends = sends;
        this.guard = guard;
        this.bodies = bodies;
        this.maxBodyBytes = maxBodyBytes;
    }

    void test(HttpExchange exchange, Identity sender) {
        sends.acquire(sender, 1);
        exchange.readBody(
                maxBodyBytes,
                body -> guard.guarded(exchange, () -> {
                    StrictJson.Kept parsed = bodies.keepingData(body);
                    JsonNode tree = parsed.root();
                    SendBody.onlyFields("body", tree, FIELDS);
                    Notification.Builder builder = Notification.builder(
                            Audience.user(SendBody.text(tree, "userId")), SendBody.text(tree, "event"));
                    SendBody.data(tree, parsed, builder);
                    guard.answer(
                            exchange,
                            sends.traced(exchange, () -> service.sendAsync(builder.build())),
                            receipt -> guard.json(201, Views.ReceiptView.of(receipt)));
                }));
    }
}
