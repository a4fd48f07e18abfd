package io.notify.netty.api;

import io.notify.Identity;
import io.notify.KeyedRateLimiter;
import io.notify.NotificationService;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpHandler;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.HttpRoutes;
import io.notify.netty.signin.SignIn;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The routes of the HTTP API. Every endpoint and the role it requires are listed in {@link #addTo}. Internal to notify-netty. */
public final class NotificationApi implements AutoCloseable {
    private static final String ADMIN = "ADMIN";
    private static final String METRICS = "/metrics";
    private static final String DEV_TEST = "/dev/notifications/test";
    private static final int MAX_SENDERS = 100_000;

    private final Settings settings;
    private final Guard guard;
    private final SendEndpoint sends;
    private final InboxEndpoint inbox;
    private final AdminEndpoint admin;
    private final SchemaEndpoint schemas;
    private final ConnectionsEndpoint connections;
    private final LiveEndpoint live;
    private final DevEndpoint dev;
    private final HealthEndpoint health;
    private final @Nullable ScrapeEndpoint scrapes;

    /**
     * The settings of the endpoints.
     *
     * @param devMode whether {@code /dev/} exists
     * @param maxBodyBytes length of the body of one send; a batch may be 16 times as long
     * @param sendLimit notifications of one sender within {@code sendWindow}
     * @param draining returns whether the server is draining
     * @param scrape renders the metrics; null if there is no {@code /metrics}
     * @param dashboard whether {@code /admin/} exists
     */
    public record Settings(
            boolean devMode,
            int maxBodyBytes,
            int sendLimit,
            Duration sendWindow,
            Clock clock,
            LongSupplier nanoClock,
            BooleanSupplier draining,
            @Nullable Supplier<String> scrape,
            boolean dashboard) {}

    public NotificationApi(NotificationService service, SignIn signIn, Settings settings) {
        this.settings = settings;
        this.guard = new Guard(signIn);
        Bodies bodies = new Bodies();
        KeyedRateLimiter<String> limit =
                new KeyedRateLimiter<>(settings.sendLimit(), settings.sendWindow(), MAX_SENDERS, settings.nanoClock());
        this.sends = new SendEndpoint(service, guard, limit, bodies, settings.maxBodyBytes());
        this.inbox = new InboxEndpoint(service.inbox(), guard);
        this.admin = new AdminEndpoint(service, sends, guard, settings.clock(), bodies, settings.maxBodyBytes());
        this.schemas = new SchemaEndpoint(service.schemas(), guard);
        this.dev = new DevEndpoint(service, sends, guard, bodies, settings.maxBodyBytes());
        this.connections = new ConnectionsEndpoint(service.presence(), guard, bodies);
        this.live = new LiveEndpoint(service, settings.clock());
        this.health = new HealthEndpoint(service, signIn, guard, settings.draining());
        this.scrapes = settings.scrape() == null ? null : new ScrapeEndpoint(settings.scrape());
    }

    /** Adds the endpoints to the routes. */
    public void addTo(HttpRoutes.Builder routes) {
        HttpHandler send = guard.signedIn(SignIn::maySend, sends::one);
        HttpHandler history = guard.signedIn(anybody -> true, inbox::history);
        routes.exact("/notifications", Guard.methods(Map.of("POST", send, "GET", history)));
        routes.exact("/notifications/batch", post(guard.signedIn(SignIn::maySend, sends::batch)));
        routes.exact("/notifications/unread-count", get(guard.signedIn(anybody -> true, inbox::unreadCount)));
        routes.exact("/notifications/read-all", post(guard.signedIn(anybody -> true, inbox::readAll)));
        HttpHandler read = post(guard.signedIn(anybody -> true, inbox::read));
        routes.prefix("/notifications/", exchange -> readOrNotFound(exchange, read));

        routes.exact("/admin/notifications/logs", get(admin((exchange, who) -> admin.logs(exchange))));
        routes.exact("/admin/notifications/stats", get(admin((exchange, who) -> admin.stats(exchange))));
        routes.exact("/admin/notifications/broadcast", post(admin(admin::broadcast)));
        routes.exact("/admin/notifications/preview", post(admin(sends::preview)));
        routes.prefix(AdminEndpoint.STORY, get(admin((exchange, who) -> admin.story(exchange))));
        routes.exact("/admin/connections", get(admin(connections::list)));
        routes.exact("/admin/connections/disconnect", post(admin(connections::disconnect)));
        routes.exact("/admin/live", get(admin(live::watch)));

        routes.exact("/admin/notifications/schemas", get(admin((exchange, who) -> schemas.list(exchange))));
        routes.prefix(
                SchemaEndpoint.PREFIX,
                Guard.methods(Map.of(
                        "GET", admin((exchange, who) -> schemas.find(exchange)),
                        "PUT", admin((exchange, who) -> schemas.register(exchange)),
                        "DELETE", admin((exchange, who) -> schemas.remove(exchange)))));

        if (settings.devMode()) {
            routes.exact(DEV_TEST, post(guard.signedIn(anybody -> true, dev::test)));
        }
        routes.exact("/health", get(health::all));
        routes.exact("/health/live", get(health::live));
        routes.exact("/health/ready", get(health::ready));
        Set<String> absent = new HashSet<>();
        if (scrapes != null) {
            routes.exact(METRICS, get(scrapes::scrape));
        } else {
            absent.add(METRICS);
        }
        if (!settings.devMode()) {
            absent.add(DEV_TEST);
        }
        if (!settings.dashboard()) {
            absent.add("/admin/");
        }
        Descriptions descriptions = new Descriptions(absent);
        routes.exact("/openapi.json", get(exchange -> exchange.reply(descriptions.http())));
        routes.exact("/asyncapi.json", get(exchange -> exchange.reply(descriptions.events())));
    }

    /** Returns the number of requests that exceeded the limit of their sender. */
    public long limitedSends() {
        return sends.limited();
    }

    /** Ends the thread that renders metrics. */
    @Override
    public void close() {
        if (scrapes != null) {
            scrapes.close();
        }
    }

    private HttpHandler admin(BiConsumer<HttpExchange, Identity> handler) {
        return guard.signedIn(who -> who.hasRole(ADMIN), handler);
    }

    private static void readOrNotFound(HttpExchange exchange, HttpHandler read) {
        if (InboxEndpoint.isRead(exchange.path())) {
            read.handle(exchange);
        } else {
            exchange.reply(HttpReply.problem(404, "There is nothing at this path."));
        }
    }

    private static HttpHandler get(HttpHandler handler) {
        return Guard.methods(Map.of("GET", handler));
    }

    private static HttpHandler post(HttpHandler handler) {
        return Guard.methods(Map.of("POST", handler));
    }
}
