package io.notify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log thread. Writes the waiting sends in one transaction, publishes them in the order of the log, and completes their
 * receipts. No row is published, and no receipt completed, before the commit.
 *
 * <p>A batch forms while the previous one commits; the thread never lingers. Rows that other nodes wrote before a batch are
 * published before it; see {@link LogFollower}.
 *
 * <p>No send waits through two failures: each failure of the thread refuses all sends that are waiting.
 */
final class LogWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final String CANNOT_BE_WRITTEN = "the log cannot be written now";
    private static final String CLOSED = "the service has been closed";
    /** The longest wait of an idle thread, and the interval of maintenance on a busy one. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final NotificationLog log;
    private final MessageBus bus;
    private final Hub hub;
    private final LogUpkeep upkeep;
    private final LongSupplier nanoClock;
    private final long waitNanos;
    private final Meters meters;
    private final Tracing tracing;
    private final SendQueue queue;
    private final LogFollower follower;
    private final LogAvailability availability;
    private final Thread thread = new Thread(this::run, "notify-log");
    private volatile boolean closing;
    private long maintainedAt; // confined to the log thread

    LogWriter(
            NotificationLog log,
            MessageBus bus,
            Hub hub,
            LogUpkeep upkeep,
            LongSupplier nanoClock,
            Duration pollInterval,
            int maxQueued,
            long maxQueuedBytes,
            Meters meters,
            Tracing tracing) {
        long now = nanoClock.getAsLong();
        this.log = log;
        this.bus = bus;
        this.hub = hub;
        this.upkeep = upkeep;
        this.nanoClock = nanoClock;
        this.waitNanos = Math.min(PAUSE.toNanos(), pollInterval.toNanos());
        this.meters = meters;
        this.tracing = tracing;
        this.queue = new SendQueue(maxQueued, maxQueuedBytes, meters.deliveries());
        this.follower = new LogFollower(log, hub, pollInterval, now);
        this.availability = new LogAvailability(log, now);
        this.maintainedAt = now;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Queues a send. Any thread; never blocks. The receipt is completed after the commit. */
    CompletableFuture<Receipt> append(LogEntry entry, Tracing.Sent sent) {
        SendQueue.Pending pending = new SendQueue.Pending(entry, sent, new CompletableFuture<>());
        if (closing) {
            refuse(pending, SendRefusedException.Reason.CLOSED, CLOSED);
        } else if (!queue.offer(pending)) {
            refuse(pending, SendRefusedException.Reason.QUEUE_FULL, "too many notifications wait for the log");
        } else if (closing) {
            queue.refuseAll(SendRefusedException.Reason.CLOSED, CLOSED);
        }
        return pending.receipt();
    }

    /** Whether the last use of the log succeeded. */
    boolean isAvailable() {
        return availability.isAvailable();
    }

    /** Whether a send would be accepted now. */
    boolean isAccepting() {
        return isAvailable() && !closing && !queue.isFull();
    }

    int queued() {
        return queue.rows();
    }

    long queuedBytes() {
        return queue.bytes();
    }

    private void run() {
        while (true) {
            try {
                List<SendQueue.Pending> batch = queue.takeBatch(closing ? 0 : waitNanos);
                if (!batch.isEmpty()) {
                    write(batch);
                } else if (closing) {
                    break;
                }
                runMaintenance(batch.isEmpty());
            } catch (LogUnavailableException e) {
                unavailable("the log cannot be maintained; durable sends are refused until it can", e);
            } catch (InterruptedException e) {
                LOG.debug("the log thread was interrupted and stops");
                closing = true;
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.error("the log thread failed and continues", e);
            }
        }
        try {
            upkeep.step(() -> true);
        } catch (LogUnavailableException e) {
            LOG.warn("the last delivery status could not be written: {}", e.getMessage());
        }
    }

    private void write(List<SendQueue.Pending> batch) {
        List<Appended> outcomes = commit(batch);
        if (outcomes == null) {
            return;
        }
        List<Delivery> deliveries = new ArrayList<>(batch.size());
        int[] connections = new int[batch.size()];
        for (int i = 0; i < batch.size(); i++) {
            if (outcomes.get(i) instanceof Appended.Stored stored) {
                SendQueue.Pending pending = batch.get(i);
                deliveries.add(pending.entry().delivery(stored.position(), pending.sent()));
                connections[i] =
                        hub.reach(pending.entry().audience(), pending.entry().recipients());
            }
        }
        try {
            if (!deliveries.isEmpty()) {
                follower.catchUpBefore(deliveries.get(0).event().position());
                bus.publish(deliveries);
            }
        } finally {
            for (int i = 0; i < batch.size(); i++) {
                complete(batch.get(i), outcomes.get(i), connections[i]);
            }
        }
    }

    /** Writes a batch. Returns the outcome of each send; null if the batch failed and its sends were refused. */
    private @Nullable List<Appended> commit(List<SendQueue.Pending> batch) {
        List<LogEntry> entries = batch.stream().map(SendQueue.Pending::entry).toList();
        long begun = System.nanoTime();
        List<Appended> outcomes;
        try {
            outcomes = tracing.append(batch, () -> log.append(entries));
        } catch (RuntimeException | OutOfMemoryError e) {
            meters.log().commitFailed(System.nanoTime() - begun);
            for (SendQueue.Pending pending : batch) {
                queue.refuse(
                        pending,
                        new SendRefusedException(SendRefusedException.Reason.LOG_UNAVAILABLE, CANNOT_BE_WRITTEN, e));
            }
            unavailable("the log cannot be written; durable sends are refused until it can", e);
            return null;
        }
        long took = System.nanoTime() - begun;
        meters.log().committed(batch.size(), took);
        LOG.atDebug()
                .addKeyValue("rows", batch.size())
                .addKeyValue("micros", took / 1_000)
                .log("committed");
        availability.available();
        return outcomes;
    }

    /** Does the work that may wait: probes the log, follows other nodes, stores delivery status and remembered rooms. */
    private void runMaintenance(boolean idle) {
        long now = nanoClock.getAsLong();
        if (!availability.probe(now, idle)) {
            unavailable("the log does not answer; durable sends are refused until it does", null);
            return;
        }
        follower.poll(now);
        if (idle || upkeep.isDue() || now - maintainedAt >= PAUSE.toNanos()) {
            maintainedAt = now;
            upkeep.step(queue::isEmpty);
        }
    }

    private void complete(SendQueue.Pending pending, Appended outcome, int connections) {
        if (outcome instanceof Appended.Stored stored) {
            meters.deliveries().send(true, DeliveryMeters.SendOutcome.ACCEPTED);
            pending.receipt().complete(new Receipt(pending.entry().id(), stored.position(), false, connections));
        } else if (outcome instanceof Appended.Duplicate duplicate) {
            meters.deliveries().send(true, DeliveryMeters.SendOutcome.DUPLICATE);
            pending.receipt().complete(new Receipt(duplicate.id(), duplicate.position(), true, 0));
        } else if (outcome instanceof Appended.Conflict) {
            refuse(
                    pending,
                    SendRefusedException.Reason.IDEMPOTENCY_CONFLICT,
                    "the idempotency key was used with other content");
        } else if (outcome instanceof Appended.Rejected rejected) {
            refuse(pending, SendRefusedException.Reason.REJECTED, rejected.reason());
        }
    }

    /** A send that waits behind a failure would wait as long again, so it is refused with it. */
    private void unavailable(String message, @Nullable Throwable cause) {
        availability.unavailable(message, cause);
        queue.refuseAll(SendRefusedException.Reason.LOG_UNAVAILABLE, CANNOT_BE_WRITTEN);
    }

    private void refuse(SendQueue.Pending pending, SendRefusedException.Reason reason, String message) {
        queue.refuse(pending, new SendRefusedException(reason, message));
    }

    /** Writes the queued sends, then stops the thread. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        queue.refuseAll(SendRefusedException.Reason.CLOSED, CLOSED);
    }
}
