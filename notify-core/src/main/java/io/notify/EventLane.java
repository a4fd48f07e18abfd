package io.notify;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one event loop. All methods are called on that loop, except those of {@link Lane} that say otherwise and
 * {@link #slot}, {@link #size} and {@link #trail}.
 */
final class EventLane implements Lane {
    private static final Logger LOG = LoggerFactory.getLogger(EventLane.class);
    /** Number of connections that are offered an event before they are flushed, so that a flush finds its data in the cache. */
    private static final int STRIDE = 64;

    private final Executor eventLoop;
    private final int slot;
    private final Opener opener;
    private final Consumer<EventLane> onClose;
    private final DeliveryTrail trail = new DeliveryTrail();

    // Confined to the lane.
    private final List<LaneMember> connections = new ArrayList<>();
    private final List<LaneMember> unflushed = new ArrayList<>();
    private final TreeMap<TokenDeadline, LaneMember> deadlines = new TreeMap<>();
    /** Replays that wait for their connections' networks. */
    private final List<Runnable> later = new ArrayList<>();

    private boolean inStrides;
    private int heartbeats;
    private long replayTurns;
    private long deadlineSerials;

    /** Equals connections.size(); for other threads. */
    private volatile int size;

    /** Opens the connections of a lane. */
    interface Opener {
        /** Opens a connection. Called on the lane; does not block. */
        Connection open(EventLane lane, ConnectRequest request, TransportSession session);
    }

    EventLane(Executor eventLoop, int slot, Opener opener, Consumer<EventLane> onClose) {
        this.eventLoop = eventLoop;
        this.slot = slot;
        this.opener = opener;
        this.onClose = onClose;
    }

    @Override
    public Connection open(ConnectRequest request, TransportSession session) {
        return opener.open(this, request, session);
    }

    @Override
    public void execute(Runnable task) {
        try {
            eventLoop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("event loop of lane {} has ended; its connections are gone", slot);
        }
    }

    @Override
    public void close() {
        onClose.accept(this);
    }

    /** The lane's number. It is reused after {@link #close}. */
    int slot() {
        return slot;
    }

    void add(LaneMember connection) {
        connection.laneIndex(connections.size());
        connections.add(connection);
        size = connections.size();
    }

    void remove(LaneMember connection) {
        int index = connection.laneIndex();
        LaneMember last = connections.remove(connections.size() - 1);
        if (last != connection) {
            connections.set(index, last);
            last.laneIndex(index);
        }
        size = connections.size();
    }

    /** Returns the number of connections. Any thread. */
    int size() {
        return size;
    }

    /** Records which connections took which rows. Any thread may read it. */
    DeliveryTrail trail() {
        return trail;
    }

    /** Returns a number greater than 0 that no other replay on this lane has. */
    long nextReplayTurn() {
        return ++replayTurns;
    }

    /** Returns a number that no other deadline on this lane has. */
    long nextDeadlineSerial() {
        return ++deadlineSerials;
    }

    void schedule(TokenDeadline deadline, LaneMember connection) {
        deadlines.put(deadline, connection);
    }

    void unschedule(TokenDeadline deadline) {
        deadlines.remove(deadline);
    }

    /** Runs a task at the next tick, in at most a quarter of a second. */
    void later(Runnable task) {
        later.add(task);
    }

    /** Runs the tasks that wait for the tick, and reports the deadlines that have come. */
    void tick(long nowMillis) {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
        while (!deadlines.isEmpty() && deadlines.firstKey().dueMillis() <= nowMillis) {
            deadlines.pollFirstEntry().getValue().deadlineReached(nowMillis);
        }
        flush();
    }

    /**
     * Offers an event to all connections, last first; see {@link Room}. A connection that closes may close others of its
     * client. Returns the number of connections that took it.
     */
    int deliverToAll(OutboundEvent event) {
        int taken = 0;
        for (int i = connections.size() - 1; i >= 0; i = Math.min(i, connections.size()) - 1) {
            if (connections.get(i).deliver(event)) {
                taken++;
            }
        }
        return taken;
    }

    /**
     * Offers a heartbeat to every n-th two-way connection, to another n-th each time, so that a heartbeat is not a burst.
     * Returns the number of connections that took it.
     */
    int heartbeat(OutboundEvent event, int slices) {
        offersLast();
        int taken = 0;
        for (int i = heartbeats % slices; i < connections.size(); i += slices) {
            LaneMember connection = connections.get(i);
            if (connection.transport().twoWay() && connection.deliver(event)) {
                taken++;
            }
        }
        heartbeats++;
        flush();
        return taken;
    }

    /** Reports a new epoch to all connections; see {@link LaneMember#epochBegan}. */
    void beginEpoch(Position beginning, boolean lost) {
        for (LaneMember connection : List.copyOf(connections)) {
            connection.epochBegan(beginning, lost);
        }
        flush();
    }

    @Override
    public void disconnectAll() {
        disconnectPart(1);
    }

    @Override
    public void disconnectPart(int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException("parts: " + parts + " (expected: >= 1)");
        }
        execute(() -> {
            int count = (connections.size() + parts - 1) / parts;
            for (LaneMember connection : List.copyOf(connections.subList(0, count))) {
                connection.end(CloseReason.SHUTDOWN);
            }
        });
    }

    /** Until the next {@link #flush} no connection is offered a second event, so its flush need not wait for one. */
    void offersLast() {
        inStrides = true;
    }

    void needsFlush(LaneMember connection) {
        unflushed.add(connection);
        if (inStrides && unflushed.size() >= STRIDE) {
            flushOffered();
        }
    }

    /** Flushes each connection that was offered an event. Called once, after the last offer. */
    void flush() {
        inStrides = false;
        flushOffered();
    }

    private void flushOffered() {
        // by index: a flush that closes a connection may cause offers to others
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).flush();
        }
        unflushed.clear();
    }
}
