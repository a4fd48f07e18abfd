package io.notify;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Runs tasks one at a time, in the order given, on threads borrowed from an executor; at most so many wait. */
final class SerialTasks {
    private static final int MAX_WAITING = 1_024;

    private final Executor executor;
    private final Queue<Runnable> waiting = new ArrayDeque<>(4); // guarded by this
    private boolean running; // guarded by this

    SerialTasks(Executor executor) {
        this.executor = executor;
    }

    /** Any thread. Returns whether the task was taken. */
    synchronized boolean offer(Runnable task) {
        if (waiting.size() >= MAX_WAITING) {
            return false;
        }
        waiting.add(task);
        if (!running) {
            try {
                running = true;
                executor.execute(this::runAll);
            } catch (RejectedExecutionException e) {
                running = false;
                waiting.remove(task);
                return false;
            }
        }
        return true;
    }

    private void runAll() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                // one task's fault is not the next one's; tasks report their own
                Thread.currentThread().getUncaughtExceptionHandler().uncaughtException(Thread.currentThread(), e);
            }
        }
    }

    private synchronized @org.jspecify.annotations.Nullable Runnable next() {
        Runnable task = waiting.poll();
        running = task != null;
        return task;
    }
}
