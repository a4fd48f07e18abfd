package io.notify.benchmarks.faults;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Several threads that do the same again and again, at a pace, until they are told to stop. */
final class Load implements Closeable {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicLong turns = new AtomicLong();

    /** What is done; {@code turn} counts from 0 over all threads. */
    @FunctionalInterface
    interface Work {
        void turn(long turn) throws InterruptedException;
    }

    /**
     * Starts.
     *
     * @param perSecond over all threads; 0 for as fast as it goes
     * @param most turns in all
     */
    Load(int count, int perSecond, long most, Work work) {
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(() -> run(began, perSecond, most, work), "load");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(long began, int perSecond, long most, Work work) {
        try {
            while (!stopping.get()) {
                long turn = turns.getAndIncrement();
                if (turn >= most) {
                    return;
                }
                if (perSecond > 0) {
                    long due = began + turn * TimeUnit.SECONDS.toNanos(1) / perSecond;
                    TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                }
                work.turn(turn);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isStopping() {
        return stopping.get();
    }

    /** Waits until every turn has been taken. */
    void await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** No new turns; waits for those begun. */
    void stop() throws InterruptedException {
        stopping.set(true);
        await();
    }

    @Override
    public void close() {
        stopping.set(true);
        threads.forEach(Thread::interrupt);
    }
}
