package io.notify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every meter of a service; {@code docs/METRICS.md} is its table. No tag's value comes from a client or a token, so that the
 * number of series is fixed when the service starts.
 *
 * <p>What is met once for each connection of a broadcast is summed by its task and told here once. Any thread.
 */
final class Meters implements AutoCloseable {
    /** What the core itself says to clients; a host's own events are counted together. */
    private static final List<String> OWN_EVENTS = List.of(
            "connected",
            "pong",
            "joinedRoom",
            "leftRoom",
            "presenceStats",
            "notificationRead",
            "locationUpdated",
            "tokenRefreshed",
            "tokenExpiring",
            "gap",
            "heartbeat",
            "error");

    private static final List<String> CLIENT_EVENTS = List.of(
            "ping",
            "joinRoom",
            "leaveRoom",
            "getPresence",
            "updateLocation",
            "markNotificationRead",
            "resume",
            "ack",
            "refreshToken");

    static final String CUSTOM = "custom";
    static final String UNKNOWN = "unknown";
    static final String MALFORMED = "malformed";

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofNanos(100_000);

    /** Why a server ends a connection that has done nothing wrong, or too much. */
    private static final List<CloseReason> CUT_OFF =
            List.of(CloseReason.TOO_SLOW, CloseReason.RATE_LIMITED, CloseReason.LOG_UNAVAILABLE);

    private final MeterRegistry registry;
    private final List<Meter> registered = new ArrayList<>();

    private final Map<Transport, Counter> opened = new EnumMap<>(Transport.class);
    private final Map<CloseReason, Counter> closed = new EnumMap<>(CloseReason.class);
    private final Counter closedByClient;
    private final Counter authenticated;
    private final Map<AuthenticationException.Reason, Counter> unauthenticated =
            new EnumMap<>(AuthenticationException.Reason.class);
    private final Map<String, Counter> received = new HashMap<>();
    private final Map<ErrorCode, Counter> refused = new EnumMap<>(ErrorCode.class);
    private final Map<String, Counter> sent = new HashMap<>();
    private final Counter rateLimited;
    private final Map<SendOutcome, Counter> durableSends = new EnumMap<>(SendOutcome.class);
    private final Map<SendOutcome, Counter> volatileSends = new EnumMap<>(SendOutcome.class);
    private final Map<DeliveryKind, Counter> deliveries = new EnumMap<>(DeliveryKind.class);
    private final Counter dropped;
    private final Counter expired;
    private final Timer deliveryTime;
    private final Timer fanOutTime;
    private final DistributionSummary batchRows;
    private final Timer commitTime;
    private final Timer failedCommitTime;
    private final Counter purged;
    private final Map<ResumeOutcome, Counter> resumes = new EnumMap<>(ResumeOutcome.class);
    private final Map<GapReason, Counter> gaps = new EnumMap<>(GapReason.class);

    /** What became of a send. */
    enum SendOutcome {
        ACCEPTED,
        DUPLICATE,
        INVALID,
        QUEUE_FULL,
        LOG_UNAVAILABLE,
        IDEMPOTENCY_CONFLICT,
        REJECTED,
        CLOSED;

        static SendOutcome of(SendRefusedException.Reason reason) {
            return switch (reason) {
                case QUEUE_FULL -> QUEUE_FULL;
                case LOG_UNAVAILABLE -> LOG_UNAVAILABLE;
                case IDEMPOTENCY_CONFLICT -> IDEMPOTENCY_CONFLICT;
                case REJECTED -> REJECTED;
                case CLOSED -> CLOSED;
            };
        }
    }

    /** How a notification reached a connection. */
    enum DeliveryKind {
        DURABLE,
        VOLATILE,
        REPLAYED
    }

    /** How a resume ended. */
    enum ResumeOutcome {
        COMPLETED,
        UNAVAILABLE,
        /** The client left, or fell behind, before it was over. */
        ABANDONED
    }

    /** Why something cannot be shown to a client that comes back. */
    enum GapReason {
        EPOCH,
        EXPIRED,
        LIMIT;

        /** As the client reads it. */
        String wireName() {
            return tag(this);
        }
    }

    Meters(MeterRegistry registry) {
        this.registry = registry;
        for (Transport transport : Transport.values()) {
            opened.put(transport, counter("notify.connections.opened", "transport", transport.wireName()));
        }
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, counter("notify.connections.closed", "reason", tag(reason)));
        }
        closedByClient = counter("notify.connections.closed", "reason", "client");
        authenticated = counter("notify.authentications", "outcome", "accepted");
        for (AuthenticationException.Reason reason : AuthenticationException.Reason.values()) {
            unauthenticated.put(reason, counter("notify.authentications", "outcome", tag(reason)));
        }
        for (String event : CLIENT_EVENTS) {
            received.put(event, counter("notify.events.received", "event", event));
        }
        for (String other : List.of(CUSTOM, UNKNOWN, MALFORMED)) {
            received.put(other, counter("notify.events.received", "event", other));
        }
        for (ErrorCode code : ErrorCode.values()) {
            refused.put(code, counter("notify.events.refused", "code", code.name()));
        }
        for (String event : OWN_EVENTS) {
            sent.put(event, counter("notify.events.sent", "event", event));
        }
        sent.put(CUSTOM, counter("notify.events.sent", "event", CUSTOM));
        rateLimited = counter("notify.rate.limited", "limit", "events");
        for (SendOutcome outcome : SendOutcome.values()) {
            durableSends.put(outcome, counter("notify.sends", "kind", "durable", "outcome", tag(outcome)));
        }
        for (SendOutcome outcome : List.of(SendOutcome.ACCEPTED, SendOutcome.INVALID)) {
            volatileSends.put(outcome, counter("notify.sends", "kind", "volatile", "outcome", tag(outcome)));
        }
        for (DeliveryKind kind : DeliveryKind.values()) {
            deliveries.put(kind, counter("notify.deliveries", "kind", tag(kind)));
        }
        dropped = counter("notify.deliveries.dropped");
        expired = counter("notify.deliveries.expired");
        deliveryTime = timer("notify.delivery.time");
        fanOutTime = timer("notify.fanout.time");
        batchRows = kept(DistributionSummary.builder("notify.log.batch")
                .publishPercentiles(0.5, 0.99)
                .register(registry));
        commitTime = timer("notify.log.commit", "outcome", "committed");
        failedCommitTime = timer("notify.log.commit", "outcome", "failed");
        purged = counter("notify.log.purged");
        for (ResumeOutcome outcome : ResumeOutcome.values()) {
            resumes.put(outcome, counter("notify.resumes", "outcome", tag(outcome)));
        }
        for (GapReason reason : GapReason.values()) {
            gaps.put(reason, counter("notify.gaps", "reason", tag(reason)));
        }
    }

    /** What is read when somebody asks rather than counted. */
    void watch(PresenceBook presence, RoomIndex rooms, LogWriter writer, DeliveryLedger ledger) {
        for (Transport transport : Transport.values()) {
            gauge("notify.connections", () -> presence.connections(transport), "transport", transport.wireName());
        }
        gauge("notify.users.online", presence::onlineUsers);
        gauge("notify.sessions", presence::sessionCount);
        gauge("notify.rooms", rooms::size);
        gauge("notify.log.queue.rows", writer::queued);
        gauge("notify.log.queue.bytes", writer::queuedBytes);
        gauge("notify.log.statuses", ledger::size);
        gauge("notify.log.available", () -> writer.isAvailable() ? 1 : 0);
    }

    MeterRegistry registry() {
        return registry;
    }

    // ---- connections
    // ----------------------------------------------------------------------------------------------------

    void opened(Transport transport) {
        count(opened.get(transport));
    }

    /** Counts an end; null is the client's own. */
    void closed(@Nullable CloseReason reason) {
        count(reason == null ? closedByClient : closed.get(reason));
    }

    void authenticated() {
        authenticated.increment();
    }

    void unauthenticated(AuthenticationException.Reason reason) {
        count(unauthenticated.get(reason));
    }

    // ---- events
    // ---------------------------------------------------------------------------------------------------------

    /** Counts a client's event by the name of a known one, or by what kind of stranger it is. */
    void received(String event) {
        count(received.get(event));
    }

    static boolean isOwn(String clientEvent) {
        return CLIENT_EVENTS.contains(clientEvent);
    }

    void refused(ErrorCode code) {
        count(refused.get(code));
        if (code == ErrorCode.RATE_LIMITED) {
            rateLimited.increment();
        }
    }

    /** Counts an event that is no notification. */
    void sent(String event, int connections) {
        count(sent.getOrDefault(event, sent.get(CUSTOM)), connections);
    }

    // ---- sends and deliveries
    // -------------------------------------------------------------------------------------------

    void send(boolean durable, SendOutcome outcome) {
        count((durable ? durableSends : volatileSends).get(outcome));
    }

    void delivered(DeliveryKind kind, int connections) {
        if (connections > 0) {
            count(deliveries.get(kind), connections);
        }
    }

    /** Counts connections that did not take a volatile notification. */
    void dropped(int connections) {
        if (connections > 0) {
            dropped.increment(connections);
        }
    }

    void expired() {
        expired.increment();
    }

    /**
     * One lane has handed one batch to its connections' sockets.
     *
     * @param createdAt when the oldest of the batch was sent
     * @param now the wall clock, after the flush
     * @param nanos since the batch was handed to the lane
     */
    void batchDelivered(Instant createdAt, Instant now, long nanos) {
        fanOutTime.record(nanos, TimeUnit.NANOSECONDS);
        // the clock of another node may be ahead
        deliveryTime.record(Math.max(0, Duration.between(createdAt, now).toNanos()), TimeUnit.NANOSECONDS);
    }

    // ---- the log
    // --------------------------------------------------------------------------------------------------------

    void committed(int rows, long nanos) {
        batchRows.record(rows);
        commitTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    void commitFailed(long nanos) {
        failedCommitTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    void purged(int rows) {
        purged.increment(rows);
    }

    void resumed(ResumeOutcome outcome) {
        count(resumes.get(outcome));
    }

    void gap(GapReason reason) {
        count(gaps.get(reason));
    }

    // ---- looking at them
    // ------------------------------------------------------------------------------------------------

    /** What has been counted so far, for whoever shows it rather than scrapes it. */
    MetricHistory.Totals totals() {
        Map<String, Double> errors = new HashMap<>();
        errors.put("signIns", sum(unauthenticated.values()));
        errors.put("events", sum(refused.values()));
        errors.put("sends", refusedSends(durableSends) + refusedSends(volatileSends));
        errors.put("dropped", dropped.count());
        errors.put("cutOff", CUT_OFF.stream().mapToDouble(r -> count(closed, r)).sum());
        HistogramSnapshot time = deliveryTime.takeSnapshot();
        return new MetricHistory.Totals(
                count(durableSends, SendOutcome.ACCEPTED) + count(volatileSends, SendOutcome.ACCEPTED),
                sum(deliveries.values()),
                percentile(time, 0.5),
                percentile(time, 0.99),
                errors);
    }

    private static double refusedSends(Map<SendOutcome, Counter> sends) {
        return sum(sends.values()) - count(sends, SendOutcome.ACCEPTED) - count(sends, SendOutcome.DUPLICATE);
    }

    private static double sum(Collection<Counter> counters) {
        return counters.stream().mapToDouble(Counter::count).sum();
    }

    private static <K> double count(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        return counter == null ? 0 : counter.count();
    }

    /** Null if there is none: the registry computes none, or nothing was timed lately. */
    private static @Nullable Double percentile(HistogramSnapshot time, double share) {
        for (ValueAtPercentile value : time.percentileValues()) {
            double millis = value.value(TimeUnit.MILLISECONDS);
            if (value.percentile() == share && millis > 0) {
                return millis;
            }
        }
        return null;
    }

    /** Takes every meter out of the registry, which is the host's. */
    @Override
    public void close() {
        registered.forEach(registry::remove);
    }

    private Counter counter(String name, String... tags) {
        return kept(Counter.builder(name).tags(tags).register(registry));
    }

    private Timer timer(String name, String... tags) {
        return kept(Timer.builder(name)
                .tags(tags)
                .publishPercentiles(0.5, 0.99)
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .distributionStatisticExpiry(LONGEST)
                .register(registry));
    }

    private void gauge(String name, Supplier<Number> value, String... tags) {
        kept(Gauge.builder(name, value).tags(tags).register(registry));
    }

    private <M extends Meter> M kept(M meter) {
        registered.add(meter);
        return meter;
    }

    private static void count(@Nullable Counter counter) {
        count(counter, 1);
    }

    private static void count(@Nullable Counter counter, int n) {
        if (counter != null) {
            counter.increment(n);
        }
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
