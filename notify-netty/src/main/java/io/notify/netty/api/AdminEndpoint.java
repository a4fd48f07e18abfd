package io.notify.netty.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.Archive;
import io.notify.Audience;
import io.notify.Identity;
import io.notify.LogFilter;
import io.notify.Notification;
import io.notify.NotificationService;
import io.notify.json.StrictJson;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** Handles the requests of administrators under {@code /admin/notifications}. */
final class AdminEndpoint {
    /** The path of {@link #story}, without the id. */
    static final String STORY = "/admin/notifications/";

    private static final Duration DEFAULT_SPAN = Duration.ofDays(7);
    private static final Set<String> BROADCAST_FIELDS = Set.of("title", "message", "data", "audience");
    private static final String BROADCAST_EVENT = "system.maintenance";
    private static final String NO_STORY = "There is no such notification in the log.";

    private final NotificationService service;
    private final SendEndpoint sends;
    private final Archive archive;
    private final Guard guard;
    private final Clock clock;
    private final Bodies bodies;
    private final int maxBodyBytes;

    AdminEndpoint(
            NotificationService service,
            SendEndpoint sends,
            Guard guard,
            Clock clock,
            Bodies bodies,
            int maxBodyBytes) {
        this.service = service;
        this.sends = sends;
        this.archive = service.archive();
        this.guard = guard;
        this.clock = clock;
        this.bodies = bodies;
        this.maxBodyBytes = maxBodyBytes;
    }

    void logs(HttpExchange exchange) {
        LogFilter filter = new Parameters(exchange.query()).logFilter();
        guard.answer(exchange, archive.logs(filter), page -> guard.json(200, Views.LogPageView.of(page)));
    }

    /** Answers with the delivery history of one notification. A malformed id is answered with 404 like an unknown one. */
    void story(HttpExchange exchange) {
        UUID id = id(exchange.path().substring(STORY.length()));
        guard.answer(
                exchange,
                archive.story(id),
                found -> found.map(story -> guard.json(200, OperatorViews.StoryView.of(story, service.presence())))
                        .orElseGet(() -> HttpReply.problem(404, NO_STORY)));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw RequestFault.notFound(NO_STORY);
        }
    }

    /** Answers with statistics, by default of the last seven days. */
    void stats(HttpExchange exchange) {
        Parameters parameters = new Parameters(exchange.query());
        Instant to = parameters.instantOr("to", clock.instant());
        Instant from = parameters.instantOr("from", to.minus(DEFAULT_SPAN));
        if (to.isBefore(from)) {
            throw RequestFault.invalid("to", "expected an instant not before from");
        }
        guard.answer(
                exchange,
                archive.stats(from, to),
                stats -> guard.json(
                        200,
                        Views.StatsView.of(from, to, stats, service.presence().stats())));
    }

    void broadcast(HttpExchange exchange, Identity admin) {
        sends.acquire(admin, 1);
        exchange.readBody(
                maxBodyBytes,
                body -> guard.guarded(exchange, () -> {
                    StrictJson.Kept parsed = bodies.keepingData(body);
                    JsonNode tree = parsed.root();
                    SendBody.onlyFields("body", tree, BROADCAST_FIELDS);
                    Audience audience =
                            tree.hasNonNull("audience") ? SendBody.audience(tree.get("audience")) : Audience.everyone();
                    Notification.Builder builder = Notification.builder(audience, BROADCAST_EVENT)
                            .title(SendBody.text(tree, "title"))
                            .message(SendBody.text(tree, "message"));
                    SendBody.data(tree, parsed, builder);
                    guard.answer(
                            exchange,
                            sends.traced(exchange, () -> service.sendAsync(builder.build())),
                            receipt -> guard.json(201, Views.ReceiptView.of(receipt)));
                }));
    }
}
