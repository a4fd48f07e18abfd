package io.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Sends notifications to connected clients, and stores them for clients that are not connected.
 *
 * <p>Thread-safe. Several services may live in one JVM; nothing is static. {@link #close} gives back every thread.
 *
 * <pre>{@code
 * var service = NotificationService.builder().authenticator(authenticator).build();
 * service.send(Audience.user("42"), "booking.created", Map.of("bookingId", 7));
 * }</pre>
 */
public interface NotificationService extends AutoCloseable {

    /** Collects a service's parts. */
    static Builder builder() {
        return new Builder();
    }

    /**
     * Sends durably and waits for the commit; at most the send timeout.
     *
     * @param audience whom
     * @param event its name
     * @param data what the service's ObjectMapper writes as a JSON object
     * @throws InvalidNotificationException if it can never be sent
     * @throws SendRefusedException if it was not accepted
     */
    default Receipt send(Audience audience, String event, Object data) {
        return send(Notification.builder(audience, event).data(data).build());
    }

    /**
     * Sends and waits: for the commit of a durable notification, at most the send timeout; not at all for a volatile one.
     *
     * @throws InvalidNotificationException if it can never be sent
     * @throws SendRefusedException if it was not accepted; after a timeout it may still have been stored, which an
     *     idempotency key tells
     */
    Receipt send(Notification notification);

    /**
     * Sends without waiting. The future completes on the log thread, so what depends on it must not block; exceptionally
     * with {@link InvalidNotificationException} or {@link SendRefusedException}.
     */
    CompletableFuture<Receipt> sendAsync(Notification notification);

    /** Sends several; all are checked before any is sent. Otherwise as {@link #sendAsync}; receipts in the same order. */
    CompletableFuture<List<Receipt>> sendAllAsync(List<Notification> notifications);

    /**
     * Renders a notification as {@link #send} would, and counts the connections it would reach now; sends and stores nothing.
     *
     * @throws InvalidNotificationException if it can never be sent
     */
    Preview preview(Notification notification);

    /** Returns one sample per second of the last five minutes, oldest first. */
    List<MetricSample> metricHistory();

    Presence presence();

    /** The users' history and read state. */
    Inbox inbox();

    /** The operators' view of the log. */
    Archive archive();

    /** Where transports come in; applications have no need of it. */
    Gateway gateway();

    ServiceHealth health();

    /** What the data of events must be. */
    PayloadSchemas schemas();

    /** Where the service's meters are, see {@code docs/METRICS.md}; the host's own registry if it gave one. */
    MeterRegistry meters();

    /**
     * Ends: refuses new sends, writes what is queued, disconnects every client so that it comes back elsewhere, and gives
     * back the threads. The log and the bus are closed as well.
     */
    @Override
    void close();

    /** Collects and checks a service's parts; not thread-safe. Whatever is not said has the default named. */
    final class Builder {
        private static final int MIN_SECRET = 32;

        NotificationLog log = NotificationLog.inMemory();
        MessageBus bus = MessageBus.local();

        @Nullable
        Authenticator authenticator;

        RoomPolicy roomPolicy = RoomPolicy.none();
        Formatters formatters = Formatters.standard();
        ObjectMapper mapper = new ObjectMapper();
        Clock clock = Clock.systemUTC();

        @Nullable
        Executor handlerExecutor;

        final Map<String, String> schemas = new LinkedHashMap<>();
        MeterRegistry meterRegistry = new SimpleMeterRegistry();
        Tracing tracing = Tracing.NONE;
        final Map<String, EventHandler> handlers = new LinkedHashMap<>();
        int rateLimit = 10;
        Duration rateWindow = Duration.ofSeconds(5);
        int maxRooms = 128;
        Duration heartbeatInterval = Duration.ofSeconds(30);
        Duration sendTimeout = Duration.ofSeconds(5);
        Duration retention = Duration.ofDays(7);
        Duration logPollInterval = Duration.ofMillis(250);
        Duration recoveryWindow = Duration.ofHours(24);
        Duration locationAge = Duration.ofHours(24);
        int maxPayloadBytes = 64 * 1024;
        int maxEventBytes = 64 * 1024;
        int replayLimit = 1_000;
        int maxQueuedSends = 16_384;
        long maxQueuedBytes = 32L << 20;
        byte[] recoveryKey = new byte[MIN_SECRET];

        private Builder() {
            new SecureRandom().nextBytes(recoveryKey);
        }

        /** Where durable notifications are kept; the default is this process's memory. The service closes it. */
        public Builder log(NotificationLog log) {
            this.log = log;
            return this;
        }

        /** What connects several nodes; the default is this node alone. The service closes it. */
        public Builder bus(MessageBus bus) {
            this.bus = bus;
            return this;
        }

        /** Who may come in; without one, nobody may. */
        public Builder authenticator(Authenticator authenticator) {
            this.authenticator = authenticator;
            return this;
        }

        /** Which free rooms a client may join by itself; the default is none. */
        public Builder roomPolicy(RoomPolicy roomPolicy) {
            this.roomPolicy = roomPolicy;
            return this;
        }

        /** What words events; the default is {@link Formatters#standard()}. */
        public Builder formatters(Formatters formatters) {
            this.formatters = formatters;
            return this;
        }

        /** Writes the objects that hosts pass in; the service's own messages do not use it. The default is a plain one. */
        public Builder objectMapper(ObjectMapper mapper) {
            this.mapper = mapper;
            return this;
        }

        /** The wall clock; the default is the system's. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** What runs event handlers and presence listeners; the default is up to 16 threads of the service's own. */
        public Builder handlerExecutor(Executor executor) {
            this.handlerExecutor = executor;
            return this;
        }

        /**
         * Requires an event's data to fit a schema; see {@link PayloadSchemas#register}. {@link #build} refuses text that is not a
         * valid JSON Schema.
         */
        public Builder schema(String event, String schema) {
            schemas.put(event, schema);
            return this;
        }

        /**
         * Where the service registers its meters until it is closed; give each service one of its own. The default is a
         * registry that nobody else sees.
         */
        public Builder meterRegistry(MeterRegistry registry) {
            this.meterRegistry = registry;
            return this;
        }

        /**
         * What traces sends, commits and deliveries, see {@code docs/METRICS.md}; the default is nothing, and then {@code
         * opentelemetry-api} need not be on the class path. The caller's current context is a send's parent.
         */
        public Builder openTelemetry(OpenTelemetry openTelemetry) {
            this.tracing = new Spans(openTelemetry);
            return this;
        }

        /**
         * Answers a custom event.
         *
         * @throws IllegalArgumentException if the name is not allowed or taken
         */
        public Builder on(String event, EventHandler handler) {
            Names.event("event", event);
            require(ClientEvent.find(event) == null, "event: " + event + " is answered by the service itself");
            if (handlers.putIfAbsent(event, handler) != null) {
                throw new IllegalArgumentException("event: " + event + " has a handler already");
            }
            return this;
        }

        /**
         * How many events one connection may send; the default is 10 in 5 s.
         *
         * @param events 1 or more
         * @param window at least 1 ms
         */
        public Builder rateLimit(int events, Duration window) {
            require(events >= 1, "rateLimit: " + events + " events (expected: >= 1)");
            requirePositive("rateLimit window", window);
            this.rateLimit = events;
            this.rateWindow = window;
            return this;
        }

        /** How many rooms one connection may be in, its own among them; the default is 128. */
        public Builder maxRooms(int rooms) {
            require(rooms >= 1, "maxRooms: " + rooms + " (expected: >= 1)");
            this.maxRooms = rooms;
            return this;
        }

        /** How often each two-way connection gets a {@code heartbeat} event; the default is 30 s. */
        public Builder heartbeatInterval(Duration interval) {
            requirePositive("heartbeatInterval", interval);
            this.heartbeatInterval = interval;
            return this;
        }

        /** How long {@link #send} waits for the commit; the default is 5 s. */
        public Builder sendTimeout(Duration timeout) {
            requirePositive("sendTimeout", timeout);
            this.sendTimeout = timeout;
            return this;
        }

        /** How long rows are kept; the default is 7 days. */
        public Builder retention(Duration retention) {
            requirePositive("retention", retention);
            this.retention = retention;
            return this;
        }

        /**
         * How often the log is looked at for rows that other nodes wrote, so that this node's clients receive them also
         * without a bus, or when it lost them; the default is 250 ms.
         */
        public Builder logPollInterval(Duration interval) {
            requirePositive("logPollInterval", interval);
            this.logPollInterval = interval;
            return this;
        }

        /** How long the rooms that a session joined by hand are remembered; the default is 24 hours. */
        public Builder recoveryWindow(Duration window) {
            requirePositive("recoveryWindow", window);
            this.recoveryWindow = window;
            return this;
        }

        /** How old an offline user's position may be to count as nearby; the default is 24 hours. */
        public Builder locationAge(Duration age) {
            requirePositive("locationAge", age);
            this.locationAge = age;
            return this;
        }

        /** The largest notification as the client receives it, in bytes; the default is 64 KiB. */
        public Builder maxPayloadBytes(int bytes) {
            require(bytes >= 1_024, "maxPayloadBytes: " + bytes + " (expected: >= 1024 bytes)");
            this.maxPayloadBytes = bytes;
            return this;
        }

        /** The largest data of a client's event in bytes; beyond, it is refused. The default is 64 KiB. */
        public Builder maxEventBytes(int bytes) {
            require(bytes >= 1, "maxEventBytes: " + bytes + " (expected: >= 1 byte)");
            this.maxEventBytes = bytes;
            return this;
        }

        /** How many rows one resume shows at most; the default is 1,000. */
        public Builder replayLimit(int rows) {
            require(rows >= 1 && rows <= 10_000, "replayLimit: " + rows + " rows (expected: 1 to 10000)");
            this.replayLimit = rows;
            return this;
        }

        /**
         * How many durable sends may wait for the log; beyond, they are refused. The defaults are 16,384 and 32 MiB.
         *
         * @param sends 1 or more
         * @param bytes 1 or more
         */
        public Builder sendQueue(int sends, long bytes) {
            require(sends >= 1 && bytes >= 1, "sendQueue: " + sends + ", " + bytes + " bytes (expected: >= 1)");
            this.maxQueuedSends = sends;
            this.maxQueuedBytes = bytes;
            return this;
        }

        /**
         * What recovery ids are keyed with. Give the same to every node, and after a restart; the default is random, which
         * makes every recovery id end with the process.
         *
         * @param secret at least 32 bytes of UTF-8
         */
        public Builder recoverySecret(String secret) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            require(bytes.length >= MIN_SECRET, "recoverySecret: " + bytes.length + " bytes (expected: >= 32)");
            this.recoveryKey = bytes;
            return this;
        }

        /**
         * Opens the log and starts.
         *
         * @throws IllegalArgumentException if a schema is none
         * @throws LogUnavailableException if the log cannot be opened
         */
        public NotificationService build() {
            return new LiveNotificationService(this);
        }

        private static void require(boolean holds, String message) {
            if (!holds) {
                throw new IllegalArgumentException(message);
            }
        }

        private static void requirePositive(String name, Duration value) {
            require(value.toMillis() > 0, name + ": " + value.toMillis() + " ms (expected: > 0 ms)");
        }
    }
}
