package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. It is never behind its position, and it never shows a row twice.
 *
 * <p>Confined to its lane, except for the methods of {@link Client}, which any thread may call.
 */
final class LiveConnection implements Connection, PresenceEntry, LaneMember {
    private static final Logger LOG = LoggerFactory.getLogger(LiveConnection.class);

    private final Context context;
    private final EventLane lane;
    private final TransportSession session;
    private final String sessionId;
    private final Instant connectedAt;
    private final RateLimiter limiter;
    private final ConnectionRooms rooms;
    private volatile Identity identity;
    /** The transport that presence counts; the session's own may have changed already. */
    private volatile Transport transport;

    // Confined to the lane.
    private Position position;
    private ReplayState replay = ReplayState.LIVE;
    private boolean restoringRooms;
    private boolean roomsChanged;
    private @Nullable List<Runnable> whenLive;
    private boolean closed;
    private boolean unflushed;
    private int laneIndex;
    private @Nullable TokenDeadline deadline;
    private @Nullable SerialTasks handlerCalls;

    /** The parts of a service that all its connections share. */
    record Context(
            Clock clock,
            Json json,
            RoomIndex rooms,
            PresenceBook presence,
            DeliveryLedger ledger,
            RoomMemory roomMemory,
            ClientEventReceiver events,
            Executor handlers,
            Meters meters) {}

    /** Answers the events of clients. Called on the connection's lane; never blocks or throws. */
    interface ClientEventReceiver {
        void receive(LiveConnection connection, String event, JsonNode data, Reply reply);

        void receiveMalformed(LiveConnection connection, Reply reply);
    }

    LiveConnection(
            Context context,
            EventLane lane,
            ConnectRequest request,
            TransportSession session,
            RateLimiter limiter,
            Position position) {
        this.context = context;
        this.lane = lane;
        this.session = session;
        this.sessionId = request.sessionId();
        this.identity = request.identity();
        this.transport = session.transport();
        this.connectedAt = context.clock().instant();
        this.limiter = limiter;
        this.rooms = new ConnectionRooms(context.rooms(), this);
        this.position = position;
    }

    // ---- called by the transport
    // ------------------------------------------------------------------------------------------

    @Override
    public void receive(String event, JsonNode data, Reply reply) {
        if (!closed) {
            context.events().receive(this, event, data, reply);
            lane.flush();
        }
    }

    @Override
    public void receiveMalformed(Reply reply) {
        if (!closed) {
            context.events().receiveMalformed(this, reply);
            lane.flush();
        }
    }

    @Override
    public void transportChanged() {
        if (!closed) {
            context.presence().transportChanged(this, () -> transport = session.transport());
        }
    }

    @Override
    public void closed(@Nullable CloseReason reason) {
        if (closed) {
            return;
        }
        closed = true;
        rooms.close();
        clearDeadline();
        lane.remove(this);
        context.presence().closed(this);
        context.meters().connections().closed(reason);
        LOG.atDebug()
                .addKeyValue("connection", socketId())
                .addKeyValue("user", identity.userId())
                .addKeyValue("reason", reason == null ? "client" : reason)
                .addKeyValue("position", position)
                .log("a connection closed");
    }

    // ---- opening and replay
    // -----------------------------------------------------------------------------------------------

    /** Joins the lane and the connection's own rooms. All rows published from now on reach it. */
    void enter() {
        lane.add(this);
        context.presence().opened(this);
        context.meters().connections().opened(transport);
        rooms.join(Audience.user(identity.userId()).key());
        for (String role : identity.roles()) {
            rooms.join(Audience.role(role).key());
        }
        rooms.join(Audience.session(sessionId).key());
        scheduleDeadline();
    }

    /** Starts live delivery of all that is published after a position. */
    void goLive(Position at) {
        position = at;
        replay = ReplayState.LIVE;
    }

    /** Stops live delivery. A replay from the cursor must follow; an earlier replay that is still running is superseded. */
    void pauseAt(Position cursor) {
        position = cursor;
        replay = ReplayState.paused(lane.nextReplayTurn());
    }

    /** Identifies the running replay; see {@link ReplayState#turn}. */
    long replayTurn() {
        return replay.turn();
    }

    /** The rooms that the session was in are being looked up. Until {@link #roomsRestored} nothing is replayed. */
    void restoreRooms() {
        restoringRooms = true;
    }

    void roomsRestored() {
        restoringRooms = false;
        if (roomsChanged) {
            remember();
        }
    }

    boolean isRestoringRooms() {
        return restoringRooms;
    }

    /** Runs a task on the lane once the connection is live, after this replay or a later one. */
    void whenLive(Runnable task) {
        if (whenLive == null) {
            whenLive = new ArrayList<>(1);
        }
        whenLive.add(task);
    }

    /** Runs the tasks that wait for the connection to be live. */
    void caughtUp() {
        List<Runnable> tasks = whenLive;
        whenLive = null;
        if (tasks != null) {
            tasks.forEach(Runnable::run);
        }
    }

    /** Shows a row of the log. Returns whether the session accepted it. */
    boolean replay(LogRecord row) {
        boolean taken = offer(new OutboundEvent(row.event(), row.payload(), row.id(), row.position(), false));
        if (taken) {
            context.ledger().delivered(row.position(), context.clock().instant(), 1);
            context.meters().deliveries().delivered(DeliveryMeters.Kind.REPLAYED, 1);
        }
        return taken;
    }

    /** All rows up to a position have been shown. Returns whether the connection is live now, or else has more to read. */
    boolean replayedThrough(Position head) {
        position = head;
        replay = replay.replayedThrough(head.seq());
        return replay.isLive();
    }

    /** Moves the cursor past rows that cannot be shown, and reports them to the client. */
    void gap(Position to, GapReason reason) {
        context.meters().replay().gap(reason);
        LOG.atDebug()
                .addKeyValue("connection", socketId())
                .addKeyValue("from", position)
                .addKeyValue("to", to)
                .addKeyValue("reason", reason.wireName())
                .log("a gap was reported");
        send(ServerEvent.GAP, new Gap(position.toString(), to.toString(), reason.wireName()), to);
    }

    @Override
    public void epochBegan(Position beginning, boolean lost) {
        if (!replay.isLive()) {
            replay = replay.epochBegan(beginning.seq()); // the replay itself compares the epochs
            return;
        }
        if (closed || position.epoch().equals(beginning.epoch())) {
            return;
        }
        if (lost || position.seq() > beginning.seq()) {
            gap(beginning, GapReason.EPOCH);
        } else {
            position = new Position(beginning.epoch(), position.seq());
        }
    }

    // ---- delivery
    // ---------------------------------------------------------------------------------------------------------

    @Override
    public boolean deliver(OutboundEvent event) {
        if (closed) {
            return false;
        }
        return switch (replay.actionFor(position, event.position(), event.isStored())) {
            case SHOW -> offer(event);
            case SHOW_AT_CURSOR -> offer(event.at(position));
            case SKIP -> false;
            case NOTE -> {
                replay = replay.missed(event.position().seq());
                yield false;
            }
        };
    }

    private boolean offer(OutboundEvent event) {
        if (closed || !session.offer(event)) {
            return false;
        }
        position = event.position();
        if (event.isStored()) {
            lane.trail().took(position.seq(), this, context.clock());
        }
        if (!unflushed) {
            unflushed = true;
            lane.needsFlush(this);
        }
        return true;
    }

    @Override
    public void flush() {
        unflushed = false;
        session.flush();
    }

    /** Returns whether the session can accept this many bytes without nearing its bound, flushing it if necessary. */
    boolean hasRoom(int bytes) {
        if (!session.hasRoom(bytes)) {
            session.flush();
        }
        return session.hasRoom(bytes);
    }

    /** Sends an event at the present position. */
    void send(ServerEvent event, @Nullable Object data) {
        send(event, data, position);
    }

    private void send(ServerEvent event, @Nullable Object data, Position at) {
        send(event.wireName(), context.json().event(data), at);
    }

    private void send(String event, byte[] json, Position at) {
        if (offer(new OutboundEvent(event, json, null, at, false))) {
            context.meters().events().sent(event, 1);
        }
    }

    @Override
    public void end(CloseReason reason) {
        session.close(reason);
    }

    // ---- rooms
    // ------------------------------------------------------------------------------------------------------------

    ConnectionRooms memberships() {
        return rooms;
    }

    /** Returns whether the connection belongs to a room by its token rather than by joining. */
    boolean isOwnRoom(String key) {
        return ConnectionRooms.isOwn(key, identity, sessionId);
    }

    /** Returns the names of the rooms that were joined: all but the connection's own. */
    Set<String> joinedRooms() {
        return rooms.namesExceptOwn(identity, sessionId);
    }

    /** Stores the joined rooms for the session, once those from before are back. */
    void remember() {
        roomsChanged = restoringRooms;
        if (!restoringRooms && !closed) {
            context.roomMemory().remember(identity, sessionId, rooms.joined(identity, sessionId));
        }
    }

    /** Returns the audiences whose rows the connection may see. */
    LogReader reader() {
        Set<String> audiences = rooms.keys();
        audiences.add(Audience.everyone().key());
        return new LogReader(identity.userId(), audiences);
    }

    // ---- token
    // ------------------------------------------------------------------------------------------------------------

    /** Replaces the identity by that of a newer token of the same user. The caller adjusts the rooms. */
    void replaceIdentity(Identity next) {
        context.presence().identityReplaced(this, () -> identity = next);
        scheduleDeadline();
    }

    private void scheduleDeadline() {
        clearDeadline();
        Instant expiresAt = identity.expiresAt();
        if (expiresAt != null) {
            schedule(new TokenDeadline(expiresAt, false, lane.nextDeadlineSerial()));
        }
    }

    private void schedule(TokenDeadline next) {
        deadline = next;
        lane.schedule(next, this);
    }

    private void clearDeadline() {
        if (deadline != null) {
            lane.unschedule(deadline);
            deadline = null;
        }
    }

    @Override
    public void deadlineReached(long nowMillis) {
        TokenDeadline reached = deadline;
        if (closed || reached == null) {
            return;
        }
        deadline = null;
        if (!reached.warned()) {
            send(ServerEvent.TOKEN_EXPIRING, new TokenExpiring(Timestamps.write(reached.expiresAt())));
        }
        if (reached.isExpired(nowMillis)) {
            end(CloseReason.TOKEN_EXPIRED);
        } else if (!closed) {
            schedule(reached.afterWarning());
        }
    }

    // ---- called by the engine
    // ---------------------------------------------------------------------------------------------

    EventLane lane() {
        return lane;
    }

    @Override
    public int laneSlot() {
        return lane.slot();
    }

    @Override
    public int laneIndex() {
        return laneIndex;
    }

    @Override
    public void laneIndex(int index) {
        this.laneIndex = index;
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

    @Override
    public Instant connectedAt() {
        return connectedAt;
    }

    SerialTasks handlerCalls() {
        if (handlerCalls == null) {
            handlerCalls = new SerialTasks(context.handlers());
        }
        return handlerCalls;
    }

    // ---- called by the host's handlers; any thread
    // ------------------------------------------------------------------------

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
        return rooms.names();
    }

    @Override
    public void emit(String event, @Nullable Object data) {
        Names.event("event", event);
        byte[] json = context.json().write(data);
        lane.execute(() -> {
            send(event, json, position);
            lane.flush();
        });
    }

    @Override
    public void join(String room) {
        Names.visible("room", room);
        lane.execute(() -> {
            rooms.joinForHost(room);
            remember();
        });
    }

    @Override
    public void leave(String room) {
        Names.visible("room", room);
        lane.execute(() -> {
            rooms.leaveRoom(room);
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
