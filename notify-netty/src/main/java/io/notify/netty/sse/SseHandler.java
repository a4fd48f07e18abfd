package io.notify.netty.sse;

import io.notify.ConnectRequest;
import io.notify.Gateway;
import io.notify.Identity;
import io.notify.Lane;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpHandler;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.HttpStream;
import io.notify.netty.http.PortLoop;
import io.notify.netty.signin.SignIn;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Handles {@code GET /notifications/sse}. The token is checked before the stream starts. */
public final class SseHandler implements HttpHandler {
    private static final int MIN_RETRY_MILLIS = 1_000;
    private static final int MAX_RETRY_MILLIS = 5_000;
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final Gateway gateway;
    private final SignIn signIn;
    private final Function<PortLoop, Lane> lanes;
    private final Supplier<String> ids;
    private final Settings settings;
    private final SseFormat format = new SseFormat();

    /**
     * The settings of the streams.
     *
     * @param heartbeatInterval time between two heartbeat comments
     * @param cleanupInterval time without progress after which a stream is closed
     * @param maxPendingBytes bytes of one stream not yet taken by the network
     */
    public record Settings(Duration heartbeatInterval, Duration cleanupInterval, int maxPendingBytes) {}

    public SseHandler(
            Gateway gateway, SignIn signIn, Function<PortLoop, Lane> lanes, Supplier<String> ids, Settings settings) {
        this.gateway = gateway;
        this.signIn = signIn;
        this.lanes = lanes;
        this.ids = ids;
        this.settings = settings;
    }

    @Override
    public void handle(HttpExchange exchange) {
        if (!exchange.method().equals("GET")) {
            exchange.reply(HttpReply.problem(405, "Allowed here: GET").withHeader("Allow", "GET"));
            return;
        }
        signIn.check(SignIn.tokenOrCookie(exchange), SignIn.address(exchange))
                .whenComplete((identity, failure) -> exchange.loop().run(() -> {
                    if (failure != null) {
                        exchange.reply(SignIn.refusal(failure));
                    } else {
                        open(exchange, identity);
                    }
                }));
    }

    private void open(HttpExchange exchange, Identity identity) {
        HttpStream stream = exchange.stream(head(), settings.maxPendingBytes());
        if (stream == null) {
            return;
        }
        SseSession session = new SseSession(
                ids.get(),
                stream,
                format,
                settings.maxPendingBytes(),
                settings.heartbeatInterval(),
                settings.cleanupInterval());
        ConnectRequest request = new ConnectRequest(identity, gateway.sessionId(identity, null), lastEventId(exchange));
        session.start(lanes.apply(stream.loop()).open(request, session));
    }

    /** Returns the head of a stream. Its retry time is random, so that clients spread their reconnects after a restart. */
    static HttpReply head() {
        int retry = ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS + 1);
        return new HttpReply(
                200,
                SseFormat.CONTENT_TYPE,
                SseFormat.retry(retry),
                Map.of("Cache-Control", "no-cache", "X-Accel-Buffering", "no"));
    }

    private static @Nullable String lastEventId(HttpExchange exchange) {
        String header = exchange.header(LAST_EVENT_ID);
        String id = header != null && !header.isEmpty() ? header : exchange.queryParameter("lastEventId");
        return id == null || id.isEmpty() ? null : id;
    }
}
