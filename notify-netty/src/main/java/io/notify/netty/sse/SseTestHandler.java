package io.notify.netty.sse;

import io.notify.OutboundEvent;
import io.notify.Position;
import io.notify.netty.http.Deadline;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpHandler;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.HttpStream;
import io.notify.netty.signin.SignIn;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Handles {@code GET /notifications/sse/test}, which sends sample events to anybody, to test that proxies pass streams on.
 * An address may have ten such streams, and each ends after five minutes.
 */
public final class SseTestHandler implements HttpHandler {
    private static final int MAX_PER_ADDRESS = 10;
    private static final int MAX_PENDING_BYTES = 16 * 1024;
    private static final int ROUNDS = 300;
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final List<String> SAMPLES =
            List.of("booking.created", "booking.accepted", "booking.reminder", "booking.completed", "review.created");

    private final Clock clock;
    private final SseFormat format = new SseFormat();
    private final ConcurrentMap<InetAddress, Integer> streams = new ConcurrentHashMap<>();

    public SseTestHandler(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void handle(HttpExchange exchange) {
        if (!exchange.method().equals("GET")) {
            exchange.reply(HttpReply.problem(405, "Allowed here: GET").withHeader("Allow", "GET"));
            return;
        }
        InetAddress address = SignIn.address(exchange);
        if (streams.merge(address, 1, Integer::sum) > MAX_PER_ADDRESS) {
            leave(address);
            exchange.reply(HttpReply.problem(429, "At most " + MAX_PER_ADDRESS + " test streams from one address.")
                    .withHeader("Retry-After", "10"));
            return;
        }
        HttpStream stream = exchange.stream(SseHandler.head(), MAX_PENDING_BYTES);
        if (stream == null) {
            leave(address);
        } else {
            new SampleStream(stream, address).start();
        }
    }

    private void leave(InetAddress address) {
        streams.computeIfPresent(address, (a, n) -> n == 1 ? null : n - 1);
    }

    /** One stream of samples. Event loop only. */
    private final class SampleStream {
        private final HttpStream stream;
        private final Deadline next = new Deadline(this::round);
        private int rounds;

        SampleStream(HttpStream stream, InetAddress address) {
            this.stream = stream;
            stream.onClose(() -> {
                stream.loop().deadlines().clear(next);
                leave(address);
            });
        }

        void start() {
            send("connected", "{\"test\":true,\"serverTime\":\"" + now() + "\"}");
            scheduleNext(stream.loop().nanoTime());
        }

        private void round(long nanos) {
            if (rounds == ROUNDS || !stream.outbound().hasRoom(1)) {
                stream.close();
                return;
            }
            String event = SAMPLES.get(rounds % SAMPLES.size());
            rounds++;
            send(
                    event,
                    "{\"event\":\"" + event + "\",\"title\":\"A sample\",\"message\":\"Nobody's notification number "
                            + rounds + "\",\"data\":{\"sample\":true},\"createdAt\":\"" + now() + "\"}");
            send("heartbeat", "{\"timestamp\":\"" + now() + "\"}");
            scheduleNext(nanos);
        }

        private void scheduleNext(long nanos) {
            stream.loop().deadlines().set(next, nanos + INTERVAL.toNanos());
        }

        private void send(String event, String json) {
            Position position = new Position("test", rounds);
            byte[] data = json.getBytes(StandardCharsets.UTF_8);
            stream.outbound().offer(format.encode(new OutboundEvent(event, data, null, position, true)));
            stream.outbound().flush();
        }

        private String now() {
            return clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
        }
    }
}
