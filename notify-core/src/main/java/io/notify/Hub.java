package io.notify;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands deliveries to the connections of this node, in the same order on every lane, one task for each lane that has a
 * member. Any thread may call; nothing blocks but a short lock that holds the order.
 */
final class Hub {
    private static final String EVERYONE = "everyone";

    private final RoomIndex rooms;
    private final Clock clock;
    private final DeliveryLedger ledger;
    private final Meters meters;
    private final List<EventLane> lanes = new CopyOnWriteArrayList<>();
    private final Object order = new Object();
    /** Up to where the log has been handed to the lanes. Written under {@link #order}. */
    private volatile Position published;

    Hub(RoomIndex rooms, Clock clock, DeliveryLedger ledger, Position head, Meters meters) {
        this.rooms = rooms;
        this.clock = clock;
        this.ledger = ledger;
        this.published = head;
        this.meters = meters;
    }

    EventLane lane(Executor eventLoop) {
        synchronized (order) {
            int slot = 0;
            while (isTaken(slot)) {
                slot++;
            }
            EventLane lane = new EventLane(eventLoop, slot, lanes::remove);
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
     * Where a connection stands that joined its rooms before asking: whatever is published later reaches it live.
     */
    Position published() {
        return published;
    }

    /**
     * Hands deliveries over: stored ones in the order of the log, volatile ones with the position that their receivers will
     * then have.
     */
    void deliver(List<Delivery> deliveries) {
        synchronized (order) {
            List<Delivery> stamped = new ArrayList<>(deliveries.size());
            for (Delivery delivery : deliveries) {
                if (delivery.event().volatileDelivery()) {
                    stamped.add(delivery.at(published));
                } else {
                    published = delivery.event().position();
                    stamped.add(delivery);
                }
            }
            dispatch(stamped);
        }
    }

    /** Sends a heartbeat to one slice of every lane's connections. */
    void heartbeat(Function<Position, OutboundEvent> at, int slices) {
        synchronized (order) {
            OutboundEvent event = at.apply(published);
            for (EventLane lane : lanes) {
                lane.execute(() -> meters.sent(event.name(), lane.heartbeat(event, slices)));
            }
        }
    }

    /** Which connections of this node took a row, as far as is remembered. */
    List<Story.Taker> takers(long number) {
        return lanes.stream().flatMap(lane -> lane.trail().of(number).stream()).toList();
    }

    /** How many connections of this node an audience has now. */
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
            if (delivery.audience().equals(EVERYONE)) {
                tasks = add(tasks, delivery, null);
            } else if (delivery.recipients().isEmpty()) {
                tasks = add(tasks, delivery, delivery.audience());
            } else {
                for (String user : delivery.recipients()) {
                    tasks = add(tasks, delivery, Audience.user(user).key());
                }
            }
        }
        for (EventLane lane : lanes) {
            FanOut task = lane.slot() < tasks.length ? tasks[lane.slot()] : null;
            if (task != null) {
                lane.execute(task);
            }
        }
    }

    /** Adds a room to the tasks of the lanes that have members in it; everybody if the room is null. */
    private @Nullable FanOut[] add(@Nullable FanOut[] tasks, Delivery delivery, @Nullable String key) {
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
                task.add(delivery, room);
            }
        }
        return grown;
    }
}
