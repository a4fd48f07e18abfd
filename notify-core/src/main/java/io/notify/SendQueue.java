package io.notify;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The durable sends that wait for the log, bounded in number and in bytes. Any thread adds; the log thread takes. */
final class SendQueue {
    private static final int MAX_BATCH_ROWS = 512;
    private static final int MAX_BATCH_BYTES = 1 << 20;

    private final BlockingQueue<Pending> queue;
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final DeliveryMeters meters;

    SendQueue(int maxRows, long maxBytes, DeliveryMeters meters) {
        this.queue = new LinkedBlockingQueue<>(maxRows);
        this.maxBytes = maxBytes;
        this.meters = meters;
    }

    /** Adds a send, unless the queue is full. Returns whether it was added. */
    boolean offer(Pending pending) {
        if (bytes.addAndGet(pending.bytes()) > maxBytes || !queue.offer(pending)) {
            bytes.addAndGet(-pending.bytes());
            return false;
        }
        return true;
    }

    /** Takes the sends that are waiting, up to one batch; if none is, waits for one. */
    List<Pending> takeBatch(long timeoutNanos) throws InterruptedException {
        List<Pending> batch = new ArrayList<>();
        Pending next = timeoutNanos == 0 ? queue.poll() : queue.poll(timeoutNanos, TimeUnit.NANOSECONDS);
        long batchBytes = 0;
        while (next != null) {
            batch.add(next);
            batchBytes += next.bytes();
            bytes.addAndGet(-next.bytes());
            next = batch.size() < MAX_BATCH_ROWS && batchBytes < MAX_BATCH_BYTES ? queue.poll() : null;
        }
        return batch;
    }

    /** Refuses all sends that are waiting. */
    void refuseAll(SendRefusedException.Reason reason, String message) {
        for (Pending pending = queue.poll(); pending != null; pending = queue.poll()) {
            bytes.addAndGet(-pending.bytes());
            refuse(pending, new SendRefusedException(reason, message));
        }
    }

    /** Refuses one send, which is not in the queue. */
    void refuse(Pending pending, SendRefusedException refusal) {
        meters.send(true, DeliveryMeters.SendOutcome.of(refusal.reason()));
        pending.receipt().completeExceptionally(refusal);
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    boolean isFull() {
        return queue.remainingCapacity() == 0 || bytes.get() >= maxBytes;
    }

    int rows() {
        return queue.size();
    }

    long bytes() {
        return bytes.get();
    }

    /** One durable send that waits for its receipt. */
    record Pending(LogEntry entry, Tracing.Sent sent, CompletableFuture<Receipt> receipt) implements Tracing.Traced {
        /** Estimate of the memory that a send takes besides its payload. */
        private static final int OVERHEAD = 512;

        int bytes() {
            return entry.payload().length + OVERHEAD;
        }
    }
}
