package io.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.notify.geo.GeoIndex;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A node's inner half with so many live sessions, each of a user of its own, ten to a room; its two lanes run what they are
 * given at once, on the caller's thread, and its sessions write nothing.
 */
@State(Scope.Benchmark)
public class ConnectedSessions {
    static final String CROWDED = "role:CUSTOMER";

    private static final int LANES = 2;
    private static final int USERS_IN_ROOM = 10;
    private static final Duration LIFETIME = Duration.ofHours(12);
    private static final Executor AT_ONCE = Runnable::run;

    @Param({"1000", "20000", "200000"})
    public int sessions;

    final DeliveryLedger ledger = new DeliveryLedger();
    final RoomIndex rooms = new RoomIndex();
    private final Clock clock = Clock.systemUTC();
    private final Meters meters =
            new Meters(new SimpleMeterRegistry(), ClientEvent.wireNames(), ClientEvent.answerNames());
    final PresenceBook presence =
            new PresenceBook(clock, new GeoIndex(), new SerialTasks(AT_ONCE), AT_ONCE, Duration.ofHours(24));
    private final NotificationLog log = NotificationLog.inMemory();
    final Hub hub = new Hub(rooms, clock, ledger, log.open(), meters);
    private final OutboundEvent booking = new RenderedBooking().event();
    private final List<LiveConnection> connections = new ArrayList<>();

    @Setup
    public void connect() {
        LiveConnection.Context context = context();
        List<EventLane> lanes = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            lanes.add(hub.lane(AT_ONCE, (lane, request, session) -> {
                throw new IllegalStateException("connections are opened below");
            }));
        }
        for (int i = 0; i < sessions; i++) {
            Set<String> roles = Set.of(i % USERS_IN_ROOM == 0 ? "PROFESSIONAL" : "CUSTOMER");
            Identity identity =
                    new Identity("user-" + i, roles, null, clock.instant().plus(LIFETIME));
            LiveConnection connection = new LiveConnection(
                    context,
                    lanes.get(i % LANES),
                    new ConnectRequest(identity, UUID.randomUUID().toString(), null),
                    new SilentSession("socket-" + i),
                    new RateLimiter(10, Duration.ofSeconds(5)),
                    hub.published());
            connection.enter();
            connection.memberships().join("room:" + room(i));
            connection.goLive(hub.published());
            connections.add(connection);
        }
    }

    private LiveConnection.Context context() {
        Json json = new Json(new ObjectMapper());
        RoomRights rights = new RoomRights(RoomPolicy.all());
        RoomMemory memory = new RoomMemory(clock, Duration.ofHours(24), rights);
        Epochs epochs = new Epochs(log, System::nanoTime);
        Authenticator nobody = token -> {
            throw new AuthenticationException("nobody may sign in here");
        };
        ClientReplies replies = new ClientReplies(json, meters.events());
        Replay replay = new Replay(log, AT_ONCE, clock, memory, replies, hub, epochs, 1_000, meters.replay());
        ClientEventDispatcher events = new ClientEventDispatcher(
                new ClientEventServices(
                        clock,
                        nobody,
                        rights,
                        128,
                        presence,
                        log,
                        epochs,
                        replay,
                        new ReaderTasks(AT_ONCE),
                        new ReadNotices(json, clock, hub, MessageBus.local())),
                new HostEvents(Map.of(), json),
                replies,
                64 * 1024,
                System::nanoTime,
                meters.events());
        return new LiveConnection.Context(clock, json, rooms, presence, ledger, memory, events, AT_ONCE, meters);
    }

    private static String room(int user) {
        return "job:" + user / USERS_IN_ROOM;
    }

    String anyUser() {
        return "user-" + any();
    }

    String anyRoom() {
        return room(any());
    }

    LiveConnection anyConnection() {
        return connections.get(any());
    }

    private int any() {
        return ThreadLocalRandom.current().nextInt(sessions);
    }

    /** A volatile notification, as a send hands it over. */
    Delivery passing(String audience) {
        return delivery(audience, hub.published(), true);
    }

    /** The next stored notification, as the log thread hands it over. */
    Delivery stored(String audience) {
        Position last = hub.published();
        return delivery(audience, new Position(last.epoch(), last.seq() + 1), false);
    }

    private Delivery delivery(String audience, Position position, boolean isVolatile) {
        OutboundEvent event = new OutboundEvent(booking.name(), booking.data(), booking.id(), position, isVolatile);
        return new Delivery(event, audience, List.of(), clock.instant(), null);
    }

    /** Takes everything. */
    private static final class SilentSession implements TransportSession {
        private final String id;
        private long taken;

        SilentSession(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Transport transport() {
            return Transport.WEBSOCKET;
        }

        @Override
        public boolean offer(OutboundEvent event) {
            taken++;
            return taken > 0;
        }

        @Override
        public void flush() {}

        @Override
        public void close(CloseReason reason) {}
    }
}
