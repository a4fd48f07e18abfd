package io.notify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Collects what became of deliveries until the log thread writes it back; bounded, the newest are dropped beyond. */
final class DeliveryLedger {
    private static final int CAPACITY = 65_536;

    private final Queue<DeliveryStatus> pending = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    /** Lanes. */
    void delivered(Position position, Instant at, int connections) {
        if (size.get() < CAPACITY) {
            size.incrementAndGet();
            pending.add(new DeliveryStatus(position, at, connections, null));
        }
    }

    /** The log thread. Returns at most {@code limit}, oldest first. */
    List<DeliveryStatus> drain(int limit) {
        List<DeliveryStatus> drained = new ArrayList<>(Math.min(limit, size.get()));
        while (drained.size() < limit) {
            DeliveryStatus status = pending.poll();
            if (status == null) {
                break;
            }
            size.decrementAndGet();
            drained.add(status);
        }
        return drained;
    }

    /** The log thread. Takes back what could not be written, to be drained again. */
    void restore(List<DeliveryStatus> statuses) {
        size.addAndGet(statuses.size());
        pending.addAll(statuses);
    }

    int size() {
        return size.get();
    }
}
