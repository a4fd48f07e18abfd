package io.notify;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One lane's part of a batch of deliveries: offers them in order, then flushes each connection once. */
final class FanOut implements Runnable {
    private final EventLane lane;
    private final Clock clock;
    private final DeliveryLedger ledger;
    private final List<Stop> stops = new ArrayList<>();

    FanOut(EventLane lane, Clock clock, DeliveryLedger ledger) {
        this.lane = lane;
        this.clock = clock;
        this.ledger = ledger;
    }

    /** Adds a room, or everybody on the lane if it is null. */
    void add(Delivery delivery, @Nullable Room room) {
        stops.add(new Stop(delivery, room));
    }

    @Override
    public void run() {
        Instant now = clock.instant();
        for (Stop stop : stops) {
            Delivery delivery = stop.delivery();
            if (delivery.expiresAt() != null && !now.isBefore(delivery.expiresAt())) {
                continue;
            }
            Room room = stop.room();
            int taken =
                    room == null ? lane.deliverToAll(delivery.event()) : room.deliver(lane.slot(), delivery.event());
            if (taken > 0 && !delivery.event().volatileDelivery()) {
                ledger.delivered(delivery.event().position(), now, taken);
            }
        }
        lane.flush();
    }

    private record Stop(Delivery delivery, @Nullable Room room) {}
}
