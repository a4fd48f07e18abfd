package io.notify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log thread: writes what has gathered in one transaction, then hands it to the lanes in the order of the log, and
 * answers. Nobody sees what is not committed, and nobody is told yes before; what a sender sends after a receipt follows.
 *
 * <p>A batch forms while the previous one commits; nothing lingers. What other nodes wrote before a batch is read from the log
 * and handed over before it; what they write while this one has nothing to send is looked for now and then.
 *
 * <p>No send waits behind two failures: whatever the thread does that fails refuses all that waits.
 */
final class LogWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final String CANNOT_BE_WRITTEN = "the log cannot be written now";
    private static final int MAX_ROWS = 512;
    private static final int MAX_BATCH_BYTES = 1 << 20;
    /** How long an idle thread waits, and how often a busy one sees to what can wait. */
    private static final Duration PAUSE = Duration.ofMillis(200);
    /** How often an idle log is asked, so that readiness is true to it although nobody sends. */
    private static final Duration PROBE_EVERY = Duration.ofSeconds(5);

    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(300);
    private static final int STRETCH_ROWS = 256;

    private final NotificationLog log;
    private final MessageBus bus;
    private final Hub hub;
    private final LogUpkeep upkeep;
    private final LongSupplier nanoClock;
    private final long lookNanos;
    private final long maxQueuedBytes;
    private final Meters meters;
    private final Tracing tracing;
    private final BlockingQueue<Pending> queue;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final Thread thread = new Thread(this::run, "notify-log");
    private volatile boolean closing;
    private volatile boolean available = true;

    // Touched by the log thread alone.
    private long lookedAt;
    private long upkeptAt;
    private long probedAt;

    LogWriter(
            NotificationLog log,
            MessageBus bus,
            Hub hub,
            LogUpkeep upkeep,
            LongSupplier nanoClock,
            Duration lookEvery,
            int maxQueued,
            long maxQueuedBytes,
            Meters meters,
            Tracing tracing) {
        this.log = log;
        this.bus = bus;
        this.hub = hub;
        this.upkeep = upkeep;
        this.nanoClock = nanoClock;
        this.lookNanos = lookEvery.toNanos();
        this.maxQueuedBytes = maxQueuedBytes;
        this.meters = meters;
        this.tracing = tracing;
        this.queue = new LinkedBlockingQueue<>(maxQueued);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Any thread; never blocks. The receipt comes after the commit. */
    CompletableFuture<Receipt> append(LogEntry entry, Tracing.Sent sent) {
        Pending pending = new Pending(entry, sent, new CompletableFuture<>());
        if (closing) {
            refuse(pending, SendRefusedException.Reason.CLOSED, "the service has been closed");
        } else if (queuedBytes.addAndGet(pending.bytes()) > maxQueuedBytes || !queue.offer(pending)) {
            queuedBytes.addAndGet(-pending.bytes());
            refuse(pending, SendRefusedException.Reason.QUEUE_FULL, "too many notifications wait for the log");
        } else if (closing) {
            refuseQueued(SendRefusedException.Reason.CLOSED, "the service has been closed");
        }
        return pending.receipt();
    }

    /** Whether the last use of the log succeeded. */
    boolean isAvailable() {
        return available;
    }

    /** Whether a send would be taken now. */
    boolean isAccepting() {
        return available && !closing && queue.remainingCapacity() > 0 && queuedBytes.get() < maxQueuedBytes;
    }

    int queued() {
        return queue.size();
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    private void run() {
        lookedAt = nanoClock.getAsLong();
        upkeptAt = lookedAt;
        probedAt = lookedAt;
        while (true) {
            try {
                List<Pending> batch = take();
                if (!batch.isEmpty()) {
                    write(batch);
                } else if (closing) {
                    break;
                }
                seeToTheRest(batch.isEmpty());
            } catch (LogUnavailableException e) {
                unavailable("the log cannot be kept up with; durable sends are refused until it can", e);
            } catch (InterruptedException e) {
                LOG.debug("the log thread was asked to stop");
                closing = true;
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.error("the log thread met a fault and goes on", e);
            }
        }
        try {
            upkeep.step(() -> true);
        } catch (LogUnavailableException e) {
            LOG.warn("the last delivery status could not be written: {}", e.getMessage());
        }
    }

    private List<Pending> take() throws InterruptedException {
        List<Pending> batch = new ArrayList<>();
        Pending next = closing ? queue.poll() : queue.poll(Math.min(PAUSE.toNanos(), lookNanos), TimeUnit.NANOSECONDS);
        long bytes = 0;
        while (next != null) {
            batch.add(next);
            bytes += next.bytes();
            queuedBytes.addAndGet(-next.bytes());
            next = batch.size() < MAX_ROWS && bytes < MAX_BATCH_BYTES ? queue.poll() : null;
        }
        return batch;
    }

    private void write(List<Pending> batch) {
        List<Appended> answers;
        long begun = System.nanoTime();
        try {
            answers = tracing.append(log, batch.stream().map(Pending::entry).toList(), batch);
        } catch (RuntimeException | OutOfMemoryError e) {
            meters.log().commitFailed(System.nanoTime() - begun);
            for (Pending pending : batch) {
                meters.deliveries().send(true, DeliveryMeters.SendOutcome.LOG_UNAVAILABLE);
                pending.refuse(
                        new SendRefusedException(SendRefusedException.Reason.LOG_UNAVAILABLE, CANNOT_BE_WRITTEN, e));
            }
            unavailable("the log cannot be written; durable sends are refused until it can", e);
            return;
        }
        long took = System.nanoTime() - begun;
        meters.log().committed(batch.size(), took);
        LOG.atDebug()
                .addKeyValue("rows", batch.size())
                .addKeyValue("micros", took / 1_000)
                .log("committed");
        available();
        List<Delivery> deliveries = new ArrayList<>(batch.size());
        int[] connections = new int[batch.size()];
        for (int i = 0; i < batch.size(); i++) {
            if (answers.get(i) instanceof Appended.Stored stored) {
                Pending pending = batch.get(i);
                deliveries.add(pending.entry().delivery(stored.position(), pending.sent()));
                connections[i] =
                        hub.reach(pending.entry().audience(), pending.entry().recipients());
            }
        }
        try {
            if (!deliveries.isEmpty()) {
                catchUpBefore(deliveries.get(0).event().position());
                bus.publish(deliveries);
            }
        } finally {
            for (int i = 0; i < batch.size(); i++) {
                answer(batch.get(i), answers.get(i), connections[i]);
            }
        }
    }

    /** What this batch follows may be other nodes' rows. If they cannot be read now, the next look brings them, and it. */
    private void catchUpBefore(Position first) {
        Position published = hub.published();
        boolean follows = first.epoch().equals(published.epoch()) && first.seq() == published.seq() + 1;
        if (!follows) {
            try {
                catchUp(first.seq() - 1);
            } catch (LogUnavailableException e) {
                LOG.warn("rows of other nodes cannot be read now: {}", e.getMessage());
            }
        }
    }

    /** Hands over the rows up to a number that have not been handed over, whoever wrote them. */
    private void catchUp(long through) {
        boolean more = true;
        while (more) {
            Position published = hub.published();
            LogStretch stretch = log.stretch(published.seq(), through, STRETCH_ROWS);
            Position head = stretch.head();
            if (!head.epoch().equals(published.epoch())) {
                // where the former one ended, not where the log is by now: numbers beyond may have come again since
                long end = log.endOfEpoch(published.epoch()).orElse(head.seq());
                hub.beginEpoch(new Position(head.epoch(), Math.min(end, head.seq())));
            } else if (head.seq() < published.seq()) {
                Position renewed = log.renewEpoch();
                LOG.warn(
                        "the log ends at {}, {} was delivered: commits were lost; it goes on as {}",
                        head,
                        published,
                        renewed);
                hub.beginEpoch(renewed);
            } else {
                hub.deliver(stretch);
                more = hub.published().seq() < Math.min(through, head.seq());
            }
        }
    }

    /** What can wait: the state of the log, other nodes' rows, delivery status, remembered rooms. */
    private void seeToTheRest(boolean idle) {
        long now = nanoClock.getAsLong();
        if (!available || (idle && now - probedAt >= PROBE_EVERY.toNanos())) {
            probedAt = now;
            if (!log.isReachable(PROBE_TIMEOUT)) {
                unavailable("the log does not answer; durable sends are refused until it does", null);
                return;
            }
            available();
        }
        if (now - lookedAt >= lookNanos) {
            lookedAt = now;
            if (!log.head().equals(hub.published())) {
                catchUp(Long.MAX_VALUE);
            }
        }
        if (idle || upkeep.isDue() || now - upkeptAt >= PAUSE.toNanos()) {
            upkeptAt = now;
            upkeep.step(queue::isEmpty);
        }
    }

    private void answer(Pending pending, Appended answer, int connections) {
        LogEntry entry = pending.entry();
        if (answer instanceof Appended.Stored stored) {
            meters.deliveries().send(true, DeliveryMeters.SendOutcome.ACCEPTED);
            pending.receipt().complete(new Receipt(entry.id(), stored.position(), false, connections));
        } else if (answer instanceof Appended.Duplicate duplicate) {
            meters.deliveries().send(true, DeliveryMeters.SendOutcome.DUPLICATE);
            pending.receipt().complete(new Receipt(duplicate.id(), duplicate.position(), true, 0));
        } else if (answer instanceof Appended.Conflict) {
            refuse(
                    pending,
                    SendRefusedException.Reason.IDEMPOTENCY_CONFLICT,
                    "the idempotency key was used with other content");
        } else if (answer instanceof Appended.Rejected rejected) {
            refuse(pending, SendRefusedException.Reason.REJECTED, rejected.reason());
        }
    }

    /** What waits behind a failure would wait as long again: it is refused with it. */
    private void unavailable(String message, @Nullable Throwable cause) {
        if (available) {
            available = false;
            LOG.error(message, cause);
        }
        refuseQueued(SendRefusedException.Reason.LOG_UNAVAILABLE, CANNOT_BE_WRITTEN);
    }

    private void available() {
        if (!available) {
            available = true;
            LOG.info("the log can be written again");
        }
    }

    private void refuseQueued(SendRefusedException.Reason reason, String message) {
        for (Pending pending = queue.poll(); pending != null; pending = queue.poll()) {
            queuedBytes.addAndGet(-pending.bytes());
            refuse(pending, reason, message);
        }
    }

    private void refuse(Pending pending, SendRefusedException.Reason reason, String message) {
        meters.deliveries().send(true, DeliveryMeters.SendOutcome.of(reason));
        pending.refuse(reason, message);
    }

    /** Writes what is queued, then ends. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        refuseQueued(SendRefusedException.Reason.CLOSED, "the service has been closed");
    }

    private record Pending(LogEntry entry, Tracing.Sent sent, CompletableFuture<Receipt> receipt)
            implements Tracing.Traced {
        private static final int OVERHEAD = 512;

        int bytes() {
            return entry.payload().length + OVERHEAD;
        }

        void refuse(SendRefusedException.Reason reason, String message) {
            refuse(new SendRefusedException(reason, message));
        }

        void refuse(SendRefusedException refusal) {
            receipt.completeExceptionally(refusal);
        }
    }
}
