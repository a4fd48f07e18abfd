package io.notify;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the connections that one event loop owns; all but {@link #execute} and {@link #slot} runs on that loop. */
final class EventLane implements Lane {
    private static final Logger LOG = LoggerFactory.getLogger(EventLane.class);
    /** So many are offered an event before they are flushed: what a flush touches is in the processor's cache then. */
    private static final int STRIDE = 64;

    private final Executor eventLoop;
    private final int slot;
    private final Consumer<EventLane> onClose;

    // Touched by the lane's thread alone.
    private final List<LiveConnection> connections = new ArrayList<>();
    private final List<LiveConnection> unflushed = new ArrayList<>();
    private final TreeSet<LiveConnection> deadlines = new TreeSet<>(EventLane::compareDeadlines);
    /** What waits for the networks of connections that catch up. */
    private final List<Runnable> later = new ArrayList<>();

    private boolean inStrides;
    private int heartbeats;
    private final DeliveryTrail trail = new DeliveryTrail();
    /** The same as connections.size(), for other threads. */
    private volatile int size;

    EventLane(Executor eventLoop, int slot, Consumer<EventLane> onClose) {
        this.eventLoop = eventLoop;
        this.slot = slot;
        this.onClose = onClose;
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

    /** Its number among the lanes, reused after {@link #close}. */
    int slot() {
        return slot;
    }

    void add(LiveConnection connection) {
        connection.laneIndex(connections.size());
        connections.add(connection);
        size = connections.size();
    }

    void remove(LiveConnection connection) {
        deadlines.remove(connection);
        int index = connection.laneIndex();
        LiveConnection last = connections.remove(connections.size() - 1);
        if (last != connection) {
            connections.set(index, last);
            last.laneIndex(index);
        }
        size = connections.size();
    }

    /** How many connections it has; any thread. */
    int size() {
        return size;
    }

    /** Who took what; any thread may read it. */
    DeliveryTrail trail() {
        return trail;
    }

    private static int compareDeadlines(LiveConnection a, LiveConnection b) {
        int byTime = Long.compare(a.deadline(), b.deadline());
        return byTime == 0 ? Long.compare(a.serial(), b.serial()) : byTime;
    }

    void schedule(LiveConnection connection) {
        deadlines.add(connection);
    }

    void unschedule(LiveConnection connection) {
        deadlines.remove(connection);
    }

    /** On the lane, at the next tick, a quarter of a second from now at most. */
    void later(Runnable task) {
        later.add(task);
    }

    /** The tick: ends or warns the connections whose token's time has come, and does what waits for it. */
    void expire(long nowMillis) {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
        while (!deadlines.isEmpty() && deadlines.first().deadline() <= nowMillis) {
            deadlines.pollFirst().deadlineReached(nowMillis);
        }
        flush();
    }

    /**
     * Offers an event to every connection, last first; see {@link Room}. One that closes may take others of its client with
     * it. Returns how many took it.
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
     * Offers a heartbeat to every n-th two-way connection, another n-th each time, so that no beat is a burst. Returns how
     * many took it.
     */
    int heartbeat(OutboundEvent event, int slices) {
        offersLast();
        int taken = 0;
        for (int i = heartbeats % slices; i < connections.size(); i += slices) {
            LiveConnection connection = connections.get(i);
            if (connection.transport().twoWay() && connection.deliver(event)) {
                taken++;
            }
        }
        heartbeats++;
        flush();
        return taken;
    }

    /** Tells every connection that a new epoch has begun; see {@link LiveConnection#renewed}. */
    void renew(Position head, boolean lost) {
        for (LiveConnection connection : List.copyOf(connections)) {
            connection.renewed(head, lost);
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
            for (LiveConnection connection : List.copyOf(connections.subList(0, count))) {
                connection.end(CloseReason.SHUTDOWN);
            }
        });
    }

    /** From here to the next {@link #flush} nobody is offered a second event, so nobody's flush has to wait for one. */
    void offersLast() {
        inStrides = true;
    }

    void needsFlush(LiveConnection connection) {
        unflushed.add(connection);
        if (inStrides && unflushed.size() >= STRIDE) {
            flushOffered();
        }
    }

    /** Once at the end of whatever offered events: one flush for each connection that was offered any. */
    void flush() {
        inStrides = false;
        flushOffered();
    }

    private void flushOffered() {
        // by index: a flush that closes a connection may have others offered something
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).flush();
        }
        unflushed.clear();
    }
}
