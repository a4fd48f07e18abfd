package io.notify;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Publishes deliveries to the connections of this node, in the same order on every lane. Stored deliveries are published in the
 * order of the log, each once, in whatever order they arrive. Each batch is one task for each lane with a member of its
 * audience. Thread-safe; nothing blocks but a short lock that keeps the order.
 */
final class Hub {
    private static final String EVERYONE = "everyone";
    /** Bound of {@link #early}. Deliveries beyond it are dropped and read from the log again. */
    private static final int MAX_EARLY = 512;

    private final RoomIndex rooms;
    private final Clock clock;
    private final DeliveryLedger ledger;
    private final Meters meters;
    private final List<EventLane> lanes = new CopyOnWriteArrayList<>();
    private final Object order = new Object();
    /** All rows up to here have been passed to the lanes. Written under {@link #order}. */
    private volatile Position published;
    /** Stored deliveries that arrived before their predecessor, by number; guarded by {@link #order}. */
    private final NavigableMap<Long, Delivery> early = new TreeMap<>();
    /** The audiences of the last rows up to {@link #published}; guarded by {@link #order}. */
    private final RecentAudiences recentAudiences;

    Hub(RoomIndex rooms, Clock clock, DeliveryLedger ledger, Position head, Meters meters) {
        this.rooms = rooms;
        this.clock = clock;
        this.ledger = ledger;
        this.published = head;
        this.recentAudiences = new RecentAudiences(head);
        this.meters = meters;
    }

    EventLane lane(Executor eventLoop, EventLane.Opener opener) {
        synchronized (order) {
            int slot = 0;
            while (isTaken(slot)) {
                slot++;
            }
            EventLane lane = new EventLane(eventLoop, slot, opener, lanes::remove);
            lanes.add(lane);
            return lane;
        }
    }

    private boolean isTaken(int slot) {
        return lanes.stream().anyMatch(lane -> lane.slot() == slot);
    }

    List<EventLane> lanes() {
        return lanes;
    }

    /**
     * Returns the position up to which the log has been published. A connection that joined its rooms before this call
     * receives all later rows live.
     */
    Position published() {
        return published;
    }

    /**
     * Returns the present position if no row published after a cursor is addressed to a reader, so that the log need not be
     * read; null if such a row may exist.
     *
     * @param reader must have joined its rooms before this call, so that it receives all later rows live
     */
    @Nullable
    Position positionIfNothingMissed(LogReader reader, Position cursor) {
        synchronized (order) {
            boolean isKnown = cursor.epoch().equals(published.epoch()) && cursor.seq() <= published.seq();
            return isKnown && !recentAudiences.mayConcern(reader, cursor.seq(), published.seq()) ? published : null;
        }
    }

    /**
     * Publishes deliveries: volatile ones at once and at the position that their receivers have then, stored ones after all
     * their predecessors. A delivery that was published before is ignored.
     */
    void deliver(List<Delivery> deliveries) {
        synchronized (order) {
            List<Delivery> ready = new ArrayList<>(deliveries.size());
            for (Delivery delivery : deliveries) {
                if (delivery.event().volatileDelivery()) {
                    ready.add(delivery.at(published));
                } else {
                    sort(delivery, ready);
                }
            }
            dispatch(ready);
        }
    }

    /** Publishes the rows of the log after {@link #published}. */
    void deliver(LogStretch stretch) {
        synchronized (order) {
            List<Delivery> ready = new ArrayList<>(stretch.deliveries().size());
            for (Delivery delivery : stretch.deliveries()) {
                if (delivery.event().position().seq() > published.seq()) {
                    published = delivery.event().position();
                    ready.add(delivery);
                }
            }
            if (stretch.through() > published.seq()) {
                published = new Position(published.epoch(), stretch.through()); // the missing rows were purged
            }
            addEarly(ready);
            dispatch(ready);
        }
    }

    /** Begins an epoch. If it begins before {@link #published}, the rows after its beginning were lost. */
    void beginEpoch(Position beginning) {
        synchronized (order) {
            boolean lost = beginning.seq() < published.seq();
            published = new Position(beginning.epoch(), Math.min(published.seq(), beginning.seq()));
            early.clear();
            recentAudiences.beginEpoch(published);
            for (EventLane lane : lanes) {
                lane.execute(() -> lane.beginEpoch(beginning, lost));
            }
        }
    }

    private void sort(Delivery delivery, List<Delivery> ready) {
        Position position = delivery.event().position();
        boolean sameEpoch = position.epoch().equals(published.epoch());
        if (sameEpoch && position.seq() == published.seq() + 1) {
            published = position;
            ready.add(delivery);
            addEarly(ready);
        } else if (sameEpoch && position.seq() > published.seq()) {
            early.putIfAbsent(position.seq(), delivery);
            if (early.size() > MAX_EARLY) {
                early.pollLastEntry();
            }
        }
    }

    private void addEarly(List<Delivery> ready) {
        while (!early.isEmpty() && early.firstKey() <= published.seq() + 1) {
            Delivery next = early.pollFirstEntry().getValue();
            if (next.event().position().seq() > published.seq()) {
                published = next.event().position();
                ready.add(next);
            }
        }
    }

    /** Sends a heartbeat to one slice of every lane's connections. */
    void heartbeat(Function<Position, OutboundEvent> at, int slices) {
        synchronized (order) {
            OutboundEvent event = at.apply(published);
            for (EventLane lane : lanes) {
                lane.execute(() -> meters.events().sent(event.name(), lane.heartbeat(event, slices)));
            }
        }
    }

    /** Returns the connections of this node that took a row, as far as they are remembered. */
    List<Story.Taker> takers(long number) {
        return lanes.stream().flatMap(lane -> lane.trail().of(number).stream()).toList();
    }

    /** Returns the number of connections that an audience has on this node now. */
    int reach(String audience, List<String> recipients) {
        if (audience.equals(EVERYONE)) {
            return lanes.stream().mapToInt(EventLane::size).sum();
        }
        if (recipients.isEmpty()) {
            return reach(audience);
        }
        int sum = 0;
        for (String user : recipients) {
            sum += reach(Audience.user(user).key());
        }
        return sum;
    }

    private int reach(String room) {
        Room members = rooms.find(room);
        if (members == null) {
            return 0;
        }
        int sum = 0;
        for (EventLane lane : lanes) {
            sum += members.size(lane.slot());
        }
        return sum;
    }

    private void dispatch(List<Delivery> deliveries) {
        @Nullable FanOut[] tasks = new FanOut[0];
        for (Delivery delivery : deliveries) {
            if (!delivery.event().volatileDelivery()) {
                recentAudiences.add(delivery);
            }
            Tracing.Passage passage = Tracing.sentOf(delivery.event()).deliver(delivery.event());
            passage.begin(); // the only part if no lane has a member
            if (delivery.audience().equals(EVERYONE)) {
                tasks = add(tasks, delivery, null, passage);
            } else if (delivery.recipients().isEmpty()) {
                tasks = add(tasks, delivery, delivery.audience(), passage);
            } else {
                for (String user : delivery.recipients()) {
                    tasks = add(tasks, delivery, Audience.user(user).key(), passage);
                }
            }
            passage.end();
        }
        for (EventLane lane : lanes) {
            FanOut task = lane.slot() < tasks.length ? tasks[lane.slot()] : null;
            if (task != null) {
                lane.execute(task);
            }
        }
    }

    /** Adds a room to the tasks of the lanes that have members in it; all connections if the key is null. */
    private @Nullable FanOut[] add(
            @Nullable FanOut[] tasks, Delivery delivery, @Nullable String key, Tracing.Passage passage) {
        Room room = key == null ? null : rooms.find(key);
        if (key != null && room == null) {
            return tasks;
        }
        @Nullable FanOut[] grown = tasks;
        for (EventLane lane : lanes) {
            if (room == null || room.size(lane.slot()) > 0) {
                if (lane.slot() >= grown.length) {
                    grown = Arrays.copyOf(grown, lane.slot() + 1);
                }
                FanOut task = grown[lane.slot()];
                if (task == null) {
                    task = new FanOut(lane, clock, ledger, meters);
                    grown[lane.slot()] = task;
                }
                task.add(delivery, room, passage);
            }
        }
        return grown;
    }
}
