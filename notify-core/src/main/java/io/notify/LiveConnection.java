package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: never behind what its position says, and never shown the same row twice.
 *
 * <p>While it is replaying, live rows are not kept but their highest number is, and the replay reads on until it has passed
 * it; so the gap between replay and live closes without a buffer.
 */
final class LiveConnection implements Connection, Client {
    private static final Logger LOG = LoggerFactory.getLogger(LiveConnection.class);
    private static final long NO_DEADLINE = Long.MAX_VALUE;
    private static final long WARNING_MILLIS = 30_000;

    private final ConnectionContext context;
    private final EventLane lane;
    private final TransportSession session;
    private final String sessionId;
    private final Instant connectedAt;
    private final long serial;
    private final RateLimiter limiter;
    private volatile Identity identity;
    /** As it is counted; the session's own may be ahead of it. */
    private volatile Transport transport;

    private volatile Set<String> roomNames = Set.of();

    // Touched by the lane's thread alone.
    private final List<Room.Membership> memberships = new ArrayList<>(4);
    private Position position;
    private boolean live;
    private long missedThrough;
    /** Which replay is the present one: what an earlier one read is not shown any more. */
    private int turn;

    private boolean opening;
    private boolean roomsChanged;
    private @Nullable List<Runnable> whenLive;
    private boolean closed;
    private boolean unflushed;
    private int laneIndex;
    /** The rooms that the host put it into; the client's own rights are no matter there. */
    private Set<String> placed = Set.of();

    private long deadline = NO_DEADLINE;
    private boolean warned;
    private @Nullable SerialTasks handlerCalls;

    LiveConnection(
            ConnectionContext context,
            EventLane lane,
            ConnectRequest request,
            TransportSession session,
            long serial,
            RateLimiter limiter,
            Position position) {
        this.context = context;
        this.lane = lane;
        this.session = session;
        this.sessionId = request.sessionId();
        this.identity = request.identity();
        this.transport = session.transport();
        this.connectedAt = context.now();
        this.serial = serial;
        this.limiter = limiter;
        this.position = position;
    }

    // ---- what the transport calls
    // -------------------------------------------------------------------------------------

    @Override
    public void receive(String event, JsonNode data, Reply reply) {
        if (!closed) {
            context.events().handle(this, event, data, reply);
            lane.flush();
        }
    }

    @Override
    public void receiveMalformed(Reply reply) {
        if (!closed) {
            context.events().malformed(this, reply);
            lane.flush();
        }
    }

    @Override
    public void transportChanged() {
        if (!closed) {
            context.presence().moved(this, () -> transport = session.transport());
        }
    }

    @Override
    public void closed(@Nullable CloseReason reason) {
        if (closed) {
            return;
        }
        closed = true;
        for (Room.Membership membership : memberships) {
            context.rooms().leave(membership);
        }
        memberships.clear();
        lane.remove(this);
        context.presence().closed(this);
        context.meters().closed(reason);
        LOG.atDebug()
                .addKeyValue("connection", socketId())
                .addKeyValue("user", identity.userId())
                .addKeyValue("reason", reason == null ? "client" : reason)
                .addKeyValue("position", position)
                .log("a connection closed");
    }

    // ---- opening and replaying; on the lane
    // -----------------------------------------------------------------------------

    /** Enters the lane and the rooms that are its own, so that from now on everything published reaches it. */
    void enter() {
        lane.add(this);
        context.presence().opened(this);
        context.meters().opened(transport);
        memberships.add(context.rooms().join(Audience.user(identity.userId()).key(), this));
        for (String role : identity.roles()) {
            memberships.add(context.rooms().join(Audience.role(role).key(), this));
        }
        memberships.add(context.rooms().join(Audience.session(sessionId).key(), this));
        roomNames = currentRooms();
        scheduleExpiry();
    }

    /** Nothing to replay: what is published after {@code at} arrives live. */
    void goLive(Position at) {
        position = at;
        live = true;
    }

    /** Stops showing live rows; the replay that follows shows them. */
    void pauseAt(Position cursor) {
        position = cursor;
        live = false;
        missedThrough = 0;
        turn++;
    }

    /** Until {@link #opened} nothing is read for it: its rooms are not all back. */
    void opens() {
        opening = true;
    }

    void opened() {
        opening = false;
        if (roomsChanged) {
            remember();
        }
    }

    int turn() {
        return turn;
    }

    /**
     * Goes back, or forward, to a cursor and shows from there what the log holds. A replay that is going on ends for it.
     *
     * @param done on the lane, once it is live, by this replay or a later one
     */
    void resume(Position cursor, Runnable done) {
        pauseAt(cursor);
        if (whenLive == null) {
            whenLive = new ArrayList<>(1);
        }
        whenLive.add(done);
        if (!opening) {
            context.replay().next(this);
        }
    }

    /** Tells whoever asked for it that it is live. */
    void caughtUp() {
        List<Runnable> asked = whenLive;
        whenLive = null;
        if (asked != null) {
            asked.forEach(Runnable::run);
        }
    }

    /** Has the rooms remembered, those included that are still on their way back. */
    void remember() {
        roomsChanged = opening;
        if (!opening && !closed) {
            context.roomMemory().remember(this);
        }
    }

    /** Moves the cursor over rows that cannot be shown, and says so. */
    void gap(Position to, Meters.GapReason reason) {
        context.meters().gap(reason);
        LOG.atDebug()
                .addKeyValue("connection", socketId())
                .addKeyValue("from", position)
                .addKeyValue("to", to)
                .addKeyValue("reason", reason.wireName())
                .log("a gap was said");
        send("gap", new Gap(position.toString(), to.toString(), reason.wireName()), to);
    }

    /** Whether so many bytes can be shown without the session coming near its bound, after a flush if need be. */
    boolean hasRoom(int bytes) {
        if (!session.hasRoom(bytes)) {
            session.flush();
        }
        return session.hasRoom(bytes);
    }

    /** Shows a row of the log. Returns whether the session took it. */
    boolean replay(LogRecord row) {
        boolean taken = offer(new OutboundEvent(row.event(), row.payload(), row.id(), row.position(), false));
        if (taken) {
            context.ledger().delivered(row.position(), context.now(), 1);
            context.meters().delivered(Meters.DeliveryKind.REPLAYED, 1);
        }
        return taken;
    }

    /** Everything up to {@code head} has been shown. Returns whether it is live now; else there is more to read. */
    boolean replayedThrough(Position head) {
        position = head;
        live = missedThrough <= head.seq();
        return live;
    }

    /**
     * A new epoch has begun. Rows keep their numbers.
     *
     * @param lost whether rows that had been delivered are lost, so that their numbers may have come again for others
     */
    void renewed(Position head, boolean lost) {
        missedThrough = Math.min(missedThrough, head.seq());
        if (closed || !live || position.epoch().equals(head.epoch())) {
            return; // a replay compares by itself
        }
        if (lost || position.seq() > head.seq()) {
            gap(head, Meters.GapReason.EPOCH);
        } else {
            position = new Position(head.epoch(), position.seq());
        }
    }

    // ---- delivering; on the lane
    // ----------------------------------------------------------------------------------------

    /** A live event. Returns whether the session took it. */
    boolean deliver(OutboundEvent event) {
        if (closed) {
            return false;
        }
        boolean stored = event.id() != null && !event.volatileDelivery();
        if (!live) {
            if (stored) {
                missedThrough = Math.max(missedThrough, event.position().seq());
            }
            return false;
        }
        boolean sameEpoch = event.position().epoch().equals(position.epoch());
        if (stored) {
            // of a former epoch are only rows from before the new one began, under numbers that were shown since
            boolean seen = !sameEpoch || event.position().seq() <= position.seq();
            return !seen && offer(event);
        }
        // the log may have been read further than it has been published: the cursor never goes back
        boolean behind = !sameEpoch || event.position().seq() < position.seq();
        return offer(behind ? event.at(position) : event);
    }

    private boolean offer(OutboundEvent event) {
        if (closed || !session.offer(event)) {
            return false;
        }
        position = event.position();
        if (event.id() != null && !event.volatileDelivery()) {
            lane.trail().took(position.seq(), this);
        }
        if (!unflushed) {
            unflushed = true;
            lane.needsFlush(this);
        }
        return true;
    }

    void flush() {
        unflushed = false;
        session.flush();
    }

    /** Sends an event of the core's own at the present position. */
    void send(String event, @Nullable Object data) {
        send(event, data, position);
    }

    private void send(String event, @Nullable Object data, Position at) {
        if (offer(new OutboundEvent(event, context.json().event(data), null, at, false))) {
            context.meters().sent(event, 1);
        }
    }

    void end(CloseReason reason) {
        session.close(reason);
    }

    // ---- rooms; on the lane
    // ---------------------------------------------------------------------------------------------

    /** Joins by audience key; again does nothing. */
    void joinKey(String key) {
        if (!closed && find(key).isEmpty()) {
            memberships.add(context.rooms().join(key, this));
            roomNames = currentRooms();
        }
    }

    /** Joins a room that the host chose. */
    void place(String room) {
        Set<String> more = new LinkedHashSet<>(placed);
        more.add(room);
        placed = more;
        joinKey(new Audience.Room(room).key());
    }

    void leaveRoom(String room) {
        if (placed.contains(room)) {
            Set<String> fewer = new LinkedHashSet<>(placed);
            fewer.remove(room);
            placed = fewer;
        }
        leaveKey(new Audience.Room(room).key());
    }

    boolean isPlaced(String room) {
        return placed.contains(room);
    }

    void leaveKey(String key) {
        find(key).ifPresent(membership -> {
            memberships.remove(membership);
            context.rooms().leave(membership);
            roomNames = currentRooms();
        });
    }

    private Optional<Room.Membership> find(String key) {
        for (Room.Membership membership : memberships) {
            if (membership.room.key().equals(key)) {
                return Optional.of(membership);
            }
        }
        return Optional.empty();
    }

    /** Whether it belongs to the room by its token rather than by joining. */
    boolean isOwn(String key) {
        return key.equals(Audience.user(identity.userId()).key())
                || key.equals(Audience.session(sessionId).key())
                || identity.roles().stream()
                        .anyMatch(role -> key.equals(Audience.role(role).key()));
    }

    /** The rooms joined by hand, by name. */
    Set<String> joinedRooms() {
        return roomNames.stream()
                .filter(name -> !isOwn(new Audience.Room(name).key()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The audiences whose rows it may see. */
    LogReader reader() {
        Set<String> audiences =
                memberships.stream().map(m -> m.room.key()).collect(Collectors.toCollection(LinkedHashSet::new));
        audiences.add(Audience.everyone().key());
        return new LogReader(identity.userId(), audiences);
    }

    private Set<String> currentRooms() {
        String[] names = new String[memberships.size()];
        for (int i = 0; i < names.length; i++) {
            String key = memberships.get(i).room.key();
            names[i] = key.startsWith("room:") ? key.substring("room:".length()) : key;
        }
        return Set.of(names); // no two keys have the same name: Audience.Room
    }

    // ---- the token's time; on the lane
    // ----------------------------------------------------------------------------------

    long deadline() {
        return deadline;
    }

    private void scheduleExpiry() {
        Instant expiresAt = identity.expiresAt();
        if (deadline != NO_DEADLINE) {
            lane.unschedule(this);
        }
        warned = false;
        deadline = expiresAt == null ? NO_DEADLINE : expiresAt.toEpochMilli() - WARNING_MILLIS;
        if (deadline != NO_DEADLINE) {
            lane.schedule(this);
        }
    }

    void deadlineReached(long nowMillis) {
        Instant expiresAt = identity.expiresAt();
        if (closed || expiresAt == null) {
            return;
        }
        if (!warned) {
            warned = true;
            send("tokenExpiring", new TokenExpiring(Timestamps.write(expiresAt)));
        }
        if (nowMillis >= expiresAt.toEpochMilli()) {
            end(CloseReason.TOKEN_EXPIRED);
        } else {
            deadline = expiresAt.toEpochMilli();
            lane.schedule(this);
        }
    }

    /** Takes a new token of the same user. */
    void renew(Identity next) {
        Set<String> before = identity.roles();
        context.presence().renewed(this, () -> identity = next);
        before.stream()
                .filter(role -> !next.hasRole(role))
                .forEach(role -> leaveKey(Audience.role(role).key()));
        next.roles().forEach(role -> joinKey(Audience.role(role).key()));
        if (before.contains("ADMIN") && !next.hasRole("ADMIN")) {
            leaveRoomsOfOthers();
        }
        scheduleExpiry();
    }

    private void leaveRoomsOfOthers() {
        joinedRooms().stream()
                .filter(Audience.Room::isPersonal)
                .forEach(room -> leaveKey(new Audience.Room(room).key()));
        remember();
    }

    // ---- plain facts
    // ----------------------------------------------------------------------------------------------------

    EventLane lane() {
        return lane;
    }

    int laneIndex() {
        return laneIndex;
    }

    void laneIndex(int index) {
        this.laneIndex = index;
    }

    long serial() {
        return serial;
    }

    RateLimiter limiter() {
        return limiter;
    }

    Position position() {
        return position;
    }

    boolean isClosed() {
        return closed;
    }

    Instant connectedAt() {
        return connectedAt;
    }

    Instant now() {
        return context.now();
    }

    SerialTasks handlerCalls() {
        if (handlerCalls == null) {
            handlerCalls = new SerialTasks(context.handlers());
        }
        return handlerCalls;
    }

    // ---- what a host's handler calls, on any thread
    // ---------------------------------------------------------------------

    @Override
    public String socketId() {
        return session.id();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public String sessionId() {
        return sessionId;
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public Set<String> rooms() {
        return roomNames;
    }

    @Override
    public void emit(String event, @Nullable Object data) {
        Names.event("event", event);
        byte[] json = context.json().write(data);
        lane.execute(() -> {
            if (offer(new OutboundEvent(event, json, null, position, false))) {
                context.meters().sent(event, 1);
            }
            lane.flush();
        });
    }

    @Override
    public void join(String room) {
        Names.visible("room", room);
        lane.execute(() -> {
            place(room);
            remember();
        });
    }

    @Override
    public void leave(String room) {
        Names.visible("room", room);
        lane.execute(() -> {
            leaveRoom(room);
            remember();
        });
    }

    @Override
    public void disconnect() {
        lane.execute(() -> end(CloseReason.DISCONNECTED));
    }

    private record Gap(String from, String to, String reason) {}

    private record TokenExpiring(String expiresAt) {}
}
