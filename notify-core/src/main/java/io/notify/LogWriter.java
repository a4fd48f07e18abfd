package io.notify;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log thread: writes what has gathered in one transaction, then hands it to the lanes in the order of the log, and
 * answers. Nobody sees what is not committed, and nobody is told yes before; what a sender sends after a receipt follows.
 *
 * <p>A batch forms while the previous one commits; nothing lingers.
 */
final class LogWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final int MAX_ROWS = 512;
    private static final int MAX_BATCH_BYTES = 1 << 20;
    private static final Duration IDLE = Duration.ofMillis(200);
    private static final Duration PURGE_EVERY = Duration.ofMinutes(1);
    private static final int PURGE_ROWS = 500;
    /** How often an idle log is looked at, so that readiness is true to it although nobody sends. */
    private static final Duration PROBE_EVERY = Duration.ofSeconds(5);

    private static final Duration PROBE_AGAIN = Duration.ofSeconds(1);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

    private final NotificationLog log;
    private final MessageBus bus;
    private final Hub hub;
    private final DeliveryLedger ledger;
    private final RoomMemory roomMemory;
    private final Clock clock;
    private final Duration retention;
    private final long maxQueuedBytes;
    private final Meters meters;
    private final BlockingQueue<Pending> queue;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final Thread thread = new Thread(this::run, "notify-log");
    private volatile boolean closing;
    private volatile boolean available = true;

    // Touched by the log thread alone.
    private Instant nextPurge = Instant.MIN;
    private Instant nextProbe = Instant.MIN;

    LogWriter(
            NotificationLog log,
            MessageBus bus,
            Hub hub,
            DeliveryLedger ledger,
            RoomMemory roomMemory,
            Clock clock,
            Duration retention,
            int maxQueued,
            long maxQueuedBytes,
            Meters meters) {
        this.log = log;
        this.bus = bus;
        this.hub = hub;
        this.ledger = ledger;
        this.roomMemory = roomMemory;
        this.clock = clock;
        this.retention = retention;
        this.maxQueuedBytes = maxQueuedBytes;
        this.meters = meters;
        this.queue = new LinkedBlockingQueue<>(maxQueued);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Any thread; never blocks. The receipt comes after the commit. */
    CompletableFuture<Receipt> append(LogEntry entry) {
        Pending pending = new Pending(entry, new CompletableFuture<>());
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
        while (true) {
            try {
                List<Pending> batch = take();
                if (!batch.isEmpty()) {
                    write(batch);
                } else if (closing) {
                    break;
                }
                maintain(batch.isEmpty());
            } catch (InterruptedException e) {
                LOG.debug("the log thread was asked to stop");
                closing = true;
            } catch (RuntimeException e) {
                LOG.error("the log thread met a fault and goes on", e);
            }
        }
        maintain(true);
    }

    private List<Pending> take() throws InterruptedException {
        List<Pending> batch = new ArrayList<>();
        Pending next = closing ? queue.poll() : queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
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
            answers = log.append(batch.stream().map(Pending::entry).toList());
        } catch (RuntimeException e) {
            meters.commitFailed(System.nanoTime() - begun);
            failed(batch, e);
            return;
        }
        long took = System.nanoTime() - begun;
        meters.committed(batch.size(), took);
        LOG.atDebug()
                .addKeyValue("rows", batch.size())
                .addKeyValue("micros", took / 1_000)
                .log("committed");
        recovered();
        List<Delivery> deliveries = new ArrayList<>(batch.size());
        int[] connections = new int[batch.size()];
        for (int i = 0; i < batch.size(); i++) {
            if (answers.get(i) instanceof Appended.Stored stored) {
                Pending pending = batch.get(i);
                deliveries.add(pending.delivery(stored.position()));
                connections[i] =
                        hub.reach(pending.entry().audience(), pending.entry().recipients());
            }
        }
        try {
            if (!deliveries.isEmpty()) {
                bus.publish(deliveries);
            }
        } finally {
            for (int i = 0; i < batch.size(); i++) {
                answer(batch.get(i), answers.get(i), connections[i]);
            }
        }
    }

    private void answer(Pending pending, Appended answer, int connections) {
        LogEntry entry = pending.entry();
        if (answer instanceof Appended.Stored stored) {
            meters.send(true, Meters.SendOutcome.ACCEPTED);
            pending.receipt().complete(new Receipt(entry.id(), stored.position(), false, connections));
        } else if (answer instanceof Appended.Duplicate duplicate) {
            meters.send(true, Meters.SendOutcome.DUPLICATE);
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

    /** What waits behind a batch that failed would wait as long again: it is refused with it. */
    private void failed(List<Pending> batch, RuntimeException cause) {
        if (available) {
            available = false;
            LOG.error("the log cannot be written; durable sends are refused until it can", cause);
        }
        for (Pending pending : batch) {
            meters.send(true, Meters.SendOutcome.LOG_UNAVAILABLE);
            pending.receipt()
                    .completeExceptionally(new SendRefusedException(
                            SendRefusedException.Reason.LOG_UNAVAILABLE, "the log cannot be written now", cause));
        }
        refuseQueued(SendRefusedException.Reason.LOG_UNAVAILABLE, "the log cannot be written now");
    }

    private void recovered() {
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
        meters.send(true, Meters.SendOutcome.of(reason));
        pending.refuse(reason, message);
    }

    /** What can wait: delivery status, remembered rooms, retention. */
    private void maintain(boolean idle) {
        if (!idle && ledger.size() < MAX_ROWS) {
            return;
        }
        if (idle && !closing) {
            probe();
        }
        try {
            List<DeliveryStatus> statuses = ledger.drain(MAX_ROWS);
            while (!statuses.isEmpty()) {
                log.recordDeliveries(statuses);
                statuses = idle && queue.isEmpty() ? ledger.drain(MAX_ROWS) : List.of();
            }
            if (!roomMemory.isEmpty()) {
                roomMemory.store(log);
            }
            Instant now = clock.instant();
            if (idle && !now.isBefore(nextPurge) && !closing) {
                int purged = log.purge(now.minus(retention), PURGE_ROWS, now);
                meters.purged(purged);
                nextPurge = purged == PURGE_ROWS ? now : now.plus(PURGE_EVERY);
            }
        } catch (LogUnavailableException e) {
            if (available) {
                available = false;
                LOG.warn("the log cannot be kept up to date: {}", e.getMessage());
            }
        }
    }

    /** Without it a log that failed once would keep its senders away by not being ready, and never be seen to be back. */
    private void probe() {
        Instant now = clock.instant();
        if (now.isBefore(nextProbe)) {
            return;
        }
        if (log.isReachable(PROBE_TIMEOUT)) {
            recovered();
        } else if (available) {
            available = false;
            LOG.warn("the log does not answer; durable sends are refused until it does");
        }
        nextProbe = now.plus(available ? PROBE_EVERY : PROBE_AGAIN);
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

    private record Pending(LogEntry entry, CompletableFuture<Receipt> receipt) {
        private static final int OVERHEAD = 512;

        int bytes() {
            return entry.payload().length + OVERHEAD;
        }

        Delivery delivery(Position position) {
            return new Delivery(
                    new OutboundEvent(entry.event(), entry.payload(), entry.id(), position, false),
                    entry.audience(),
                    entry.recipients(),
                    entry.createdAt(),
                    entry.expiresAt());
        }

        void refuse(SendRefusedException.Reason reason, String message) {
            receipt.completeExceptionally(new SendRefusedException(reason, message));
        }
    }
}
