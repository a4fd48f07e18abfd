package io.notify;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One lane's part of a batch of deliveries. Offers them in order, then flushes each connection once. */
final class FanOut implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

    private final EventLane lane;
    private final Clock clock;
    private final DeliveryLedger ledger;
    private final Meters meters;
    private final long submittedAt = System.nanoTime();
    private final List<Stop> stops = new ArrayList<>();

    FanOut(EventLane lane, Clock clock, DeliveryLedger ledger, Meters meters) {
        this.lane = lane;
        this.clock = clock;
        this.ledger = ledger;
        this.meters = meters;
    }

    /** Adds a room; all connections of the lane if it is null. */
    void add(Delivery delivery, @Nullable Room room, Tracing.Passage passage) {
        passage.begin();
        stops.add(new Stop(delivery, room, passage));
    }

    @Override
    public void run() {
        Instant now = clock.instant();
        boolean debug = LOG.isDebugEnabled();
        int durable = 0;
        int volatiles = 0;
        int dropped = 0;
        for (int i = 0; i < stops.size(); i++) {
            Stop stop = stops.get(i);
            Delivery delivery = stop.delivery();
            if (delivery.expiresAt() != null && !now.isBefore(delivery.expiresAt())) {
                meters.deliveries().expired();
                continue;
            }
            Room room = stop.room();
            OutboundEvent event = delivery.event();
            if (i == stops.size() - 1) {
                lane.offersLast();
            }
            int members = room == null ? lane.size() : room.size(lane.slot());
            int taken = room == null ? lane.deliverToAll(event) : room.deliver(lane.slot(), event);
            stop.passage().offered(members, taken);
            if (debug) {
                trace(delivery, members, taken);
            }
            if (event.id() == null) {
                meters.events().sent(event.name(), taken);
            } else if (event.volatileDelivery()) {
                volatiles += taken;
                dropped += members - taken;
            } else if (taken > 0) {
                durable += taken;
                ledger.delivered(event.position(), now, taken);
            }
        }
        lane.flush();
        for (Stop stop : stops) {
            stop.passage().end();
        }
        meters.deliveries().delivered(DeliveryMeters.Kind.DURABLE, durable);
        meters.deliveries().delivered(DeliveryMeters.Kind.VOLATILE, volatiles);
        meters.deliveries().dropped(dropped);
        if (durable > 0 || volatiles > 0) {
            meters.deliveries()
                    .batchDelivered(
                            stops.get(0).delivery().createdAt(), clock.instant(), System.nanoTime() - submittedAt);
        }
    }

    private void trace(Delivery delivery, int members, int taken) {
        LOG.atDebug()
                .addKeyValue("notification", delivery.event().id())
                .addKeyValue("event", delivery.event().name())
                .addKeyValue("position", delivery.event().position())
                .addKeyValue("audience", delivery.audience())
                .addKeyValue("connections", members)
                .addKeyValue("taken", taken)
                .addKeyValue("lane", lane.slot())
                .log("delivered");
    }

    private record Stop(Delivery delivery, @Nullable Room room, Tracing.Passage passage) {}
}
