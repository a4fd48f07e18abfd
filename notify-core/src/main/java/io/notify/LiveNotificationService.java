package io.notify;

import com.github.f4b6a3.uuid.UuidCreator;
import io.micrometer.core.instrument.MeterRegistry;
import io.notify.geo.GeoIndex;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Wires a service. Durable notifications go through the log thread; volatile ones go straight to the bus. */
final class LiveNotificationService implements NotificationService {
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration PURGE_TICK = Duration.ofSeconds(1);
    private static final Duration FORGET_EVERY = Duration.ofMinutes(1);
    /** Bound of the slices over which one round of heartbeats is spread; each slice takes at least a second. */
    private static final int MAX_HEARTBEAT_SLICES = 60;

    private final NotificationLog log;
    private final MessageBus bus;
    private final Clock clock;
    private final Duration sendTimeout;
    private final Duration locationAge;
    private final Hub hub;
    private final PresenceBook presence;
    private final GeoIndex positions;
    private final NotificationRenderer renderer;
    private final SchemaBook schemas;
    private final LogWriter writer;
    private final DeliveryLedger ledger;
    private final RoomIndex rooms;
    private final LogAccess access;
    private final Gateway gateway;
    private final ServiceExecutors executors;
    private final Json json;
    private final Meters meters;
    private final Tracing tracing;
    private final MetricHistory metricHistory;

    // Wires the whole chain, in the order in which a notification passes through it.
    LiveNotificationService(Builder b) {
        this.log = b.log;
        this.bus = b.bus;
        this.clock = b.clock;
        this.sendTimeout = b.sendTimeout;
        this.locationAge = b.locationAge;
        this.json = new Json(b.mapper);
        this.meters = new Meters(b.meterRegistry, ClientEvent.wireNames(), ClientEvent.answerNames());
        this.tracing = b.tracing;
        this.schemas = new SchemaBook(b.schemas);
        Position head = log.open(); // before any thread exists: it may fail
        this.executors = new ServiceExecutors(b.handlerExecutor);
        this.positions = new GeoIndex();
        this.ledger = new DeliveryLedger();
        this.rooms = new RoomIndex();
        this.renderer = new NotificationRenderer(json, b.formatters, schemas, b.maxPayloadBytes);
        this.presence = new PresenceBook(
                clock, positions, new SerialTasks(executors.handlers()), executors.readers(), b.locationAge);
        this.hub = new Hub(rooms, clock, ledger, head, meters);
        RoomRights roomRights = new RoomRights(b.roomPolicy);
        RoomMemory roomMemory = new RoomMemory(clock, b.recoveryWindow, roomRights);
        this.writer = new LogWriter(
                log,
                bus,
                hub,
                new LogUpkeep(log, ledger, roomMemory),
                System::nanoTime,
                b.logPollInterval,
                b.maxQueuedSends,
                b.maxQueuedBytes,
                meters,
                tracing);
        ServiceGauges.register(meters, presence, rooms, writer, ledger);
        this.metricHistory = new MetricHistory(meters::totals, presence::stats, this::health, clock);
        Epochs epochs = new Epochs(log, System::nanoTime);
        bus.subscribe(hub::deliver);

        Authenticator authenticator = b.authenticator == null ? LiveNotificationService::refuse : b.authenticator;
        ClientReplies replies = new ClientReplies(json, meters.events());
        ReadNotices readNotices = new ReadNotices(json, clock, hub, bus);
        Replay replay = new Replay(
                log, executors.readers(), clock, roomMemory, replies, hub, epochs, b.replayLimit, meters.replay());
        ClientEventDispatcher events = new ClientEventDispatcher(
                new ClientEventServices(
                        clock,
                        authenticator,
                        roomRights,
                        b.maxRooms,
                        presence,
                        log,
                        epochs,
                        replay,
                        new ReaderTasks(executors.readers()),
                        readNotices),
                new HostEvents(b.handlers, json),
                replies,
                b.maxEventBytes,
                System::nanoTime,
                meters.events());
        LiveConnection.Context context = new LiveConnection.Context(
                clock, json, rooms, presence, ledger, roomMemory, events, executors.handlers(), meters);
        this.access = new LogAccess(log, executors.readers(), clock, readNotices, roomMemory, hub);
        this.gateway = new LiveGateway(
                hub,
                authenticator,
                new RecoveryIds(b.recoveryKey),
                new ConnectionOpener(hub, replay, context, () -> new RateLimiter(b.rateLimit, b.rateWindow)),
                meters.connections(),
                tracing);

        writer.start();
        startTimers(b.heartbeatInterval, new Retention(log, executors.readers(), clock, b.retention, meters));
    }

    private static CompletableFuture<Identity> refuse(String token) {
        return CompletableFuture.failedFuture(new AuthenticationException("nobody may sign in here"));
    }

    private void startTimers(Duration heartbeatInterval, Retention retention) {
        executors.every(TICK, this::tick);
        executors.every(MetricHistory.PERIOD, metricHistory::sample);
        executors.every(PURGE_TICK, retention::tick);
        executors.every(FORGET_EVERY, () -> positions.purge(clock.instant().minus(locationAge), presence::isOnline));
        int slices = (int) Math.max(1, Math.min(MAX_HEARTBEAT_SLICES, heartbeatInterval.toSeconds()));
        executors.every(heartbeatInterval.dividedBy(slices), () -> heartbeat(slices));
    }

    private void tick() {
        long now = clock.millis();
        for (EventLane lane : hub.lanes()) {
            if (lane.size() > 0) {
                lane.execute(() -> lane.tick(now));
            }
        }
    }

    private void heartbeat(int slices) {
        byte[] body = json.event(Map.of("timestamp", Timestamps.write(clock.instant())));
        hub.heartbeat(
                position -> new OutboundEvent(ServerEvent.HEARTBEAT.wireName(), body, null, position, true), slices);
    }

    @Override
    public Receipt send(Notification notification) {
        try {
            return sendAsync(notification).get(sendTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                cause.addSuppressed(new IllegalStateException("sent from here"));
                throw cause;
            }
            throw new IllegalStateException("sending failed", e);
        } catch (TimeoutException e) {
            throw new SendRefusedException(
                    SendRefusedException.Reason.LOG_UNAVAILABLE,
                    "the log did not answer within " + sendTimeout.toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SendRefusedException(
                    SendRefusedException.Reason.LOG_UNAVAILABLE, "interrupted while waiting for the log", e);
        }
    }

    @Override
    public CompletableFuture<Receipt> sendAsync(Notification notification) {
        Tracing.Sent sent = tracing.send(notification);
        try {
            return sent.until(dispatch(prepare(notification), sent));
        } catch (InvalidNotificationException e) {
            meters.deliveries().send(notification.durable(), DeliveryMeters.SendOutcome.INVALID);
            return sent.until(CompletableFuture.failedFuture(e));
        }
    }

    @Override
    public CompletableFuture<List<Receipt>> sendAllAsync(List<Notification> notifications) {
        List<Prepared> prepared = new ArrayList<>(notifications.size());
        for (int i = 0; i < notifications.size(); i++) {
            try {
                prepared.add(prepare(notifications.get(i)));
            } catch (InvalidNotificationException e) {
                meters.deliveries().send(notifications.get(i).durable(), DeliveryMeters.SendOutcome.INVALID);
                InvalidNotificationException placed = e.at("notifications[" + i + "]");
                CompletableFuture<Receipt> refused = CompletableFuture.failedFuture(placed);
                CompletableFuture<Receipt> unused =
                        tracing.send(notifications.get(i)).until(refused);
                return CompletableFuture.failedFuture(placed);
            }
        }
        List<CompletableFuture<Receipt>> receipts =
                prepared.stream().map(this::dispatchTraced).toList();
        return CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new))
                .thenApply(
                        done -> receipts.stream().map(CompletableFuture::join).toList());
    }

    private Prepared prepare(Notification notification) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        UUID id = UuidCreator.getTimeOrderedEpoch();
        NotificationRenderer.Rendered rendered = renderer.render(notification, id, now);
        return new Prepared(notification, id, now, rendered, recipients(notification.audience(), now));
    }

    /** Returns the users of an audience that is a list of users; null for any other audience. */
    private @Nullable List<String> recipients(Audience audience, Instant now) {
        if (audience instanceof Audience.Users users) {
            return users.ids();
        }
        if (audience instanceof Audience.Nearby nearby) {
            Collection<String> found = positions.within(
                    nearby.center().latitude(),
                    nearby.center().longitude(),
                    nearby.radiusMeters(),
                    nearby.role(),
                    presence::isOnline,
                    now.minus(locationAge));
            return List.copyOf(found);
        }
        return null;
    }

    private CompletableFuture<Receipt> dispatchTraced(Prepared prepared) {
        Tracing.Sent sent = tracing.send(prepared.notification());
        return sent.until(dispatch(prepared, sent));
    }

    private CompletableFuture<Receipt> dispatch(Prepared prepared, Tracing.Sent sent) {
        return prepared.notification().durable()
                ? writer.append(prepared.entry(), sent)
                : CompletableFuture.completedFuture(publish(prepared, sent));
    }

    private Receipt publish(Prepared p, Tracing.Sent sent) {
        meters.deliveries().send(false, DeliveryMeters.SendOutcome.ACCEPTED);
        String audience = p.notification().audience().key();
        List<String> recipients = p.recipients() == null ? List.of() : p.recipients();
        if (p.recipients() != null && recipients.isEmpty()) {
            return new Receipt(p.id(), null, false, 0);
        }
        OutboundEvent event = new OutboundEvent(
                p.notification().event(), p.rendered().payload(), p.id(), hub.published(), true, sent);
        int connections = hub.reach(audience, recipients);
        bus.publish(List.of(
                new Delivery(event, audience, recipients, p.now(), p.rendered().expiresAt())));
        return new Receipt(p.id(), null, false, connections);
    }

    @Override
    public Preview preview(Notification notification) {
        Prepared p = prepare(notification);
        int users = p.recipients() == null ? 0 : p.recipients().size();
        boolean nobody = p.recipients() != null && users == 0;
        int connections = nobody
                ? 0
                : hub.reach(notification.audience().key(), p.recipients() == null ? List.of() : p.recipients());
        return new Preview(p.rendered().payload(), users, connections);
    }

    @Override
    public List<MetricSample> metricHistory() {
        return metricHistory.recent();
    }

    @Override
    public Presence presence() {
        return presence;
    }

    @Override
    public Inbox inbox() {
        return access;
    }

    @Override
    public Archive archive() {
        return access;
    }

    @Override
    public Gateway gateway() {
        return gateway;
    }

    @Override
    public PayloadSchemas schemas() {
        return schemas;
    }

    @Override
    public MeterRegistry meters() {
        return meters.registry();
    }

    @Override
    public ServiceHealth health() {
        return new ServiceHealth(
                writer.isAvailable(),
                writer.queued(),
                ledger.size(),
                rooms.size(),
                presence.bytes() + rooms.bytes(),
                writer.isAccepting());
    }

    @Override
    public void close() {
        hub.lanes().forEach(lane -> lane.disconnectAll());
        writer.close();
        executors.close();
        bus.close();
        log.close();
        meters.close();
    }

    /** A checked and rendered notification. Nothing later can refuse its content. */
    private record Prepared(
            Notification notification,
            UUID id,
            Instant now,
            NotificationRenderer.Rendered rendered,
            @Nullable List<String> recipients) {

        LogEntry entry() {
            String key = notification.idempotencyKey();
            return new LogEntry(
                    id,
                    notification.audience() instanceof Audience.User user ? user.id() : LogEntry.EVERY_USER,
                    notification.audience().key(),
                    recipients == null ? List.of() : recipients,
                    notification.event(),
                    rendered.payload(),
                    now,
                    rendered.expiresAt(),
                    key == null ? null : new LogEntry.Idempotency(notification.sender(), key, rendered.digest()),
                    notification.collapseKey());
        }
    }
}
