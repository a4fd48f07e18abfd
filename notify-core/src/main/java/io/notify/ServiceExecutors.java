package io.notify;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of one service, each named for what it does; all end with {@link #close}. */
final class ServiceExecutors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceExecutors.class);
    private static final int READERS = 4;
    private static final int HANDLERS = 16;
    private static final int WAITING = 10_000;
    private static final int IDLE_SECONDS = 30;

    private final ThreadPoolExecutor readers = pool("notify-reader", READERS);
    private final ThreadPoolExecutor handlers = pool("notify-handler", HANDLERS);
    private final @Nullable Executor hostHandlers;
    private final List<Future<?>> timers = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, threads("notify-timer"));

    ServiceExecutors(@Nullable Executor hostHandlers) {
        this.hostHandlers = hostHandlers;
    }

    /** Blocking reads of the log; rejects when too much waits. */
    Executor readers() {
        return readers;
    }

    /** The host's code: event handlers and presence listeners. */
    Executor handlers() {
        return hostHandlers == null ? handlers : hostHandlers;
    }

    /** Runs a short task again and again; one that fails is logged and runs again. */
    void every(Duration period, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a timed task failed", e);
            }
        };
        timers.add(timer.scheduleAtFixedRate(guarded, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS));
    }

    private static ThreadPoolExecutor pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), threads(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        timers.forEach(timed -> timed.cancel(false));
        timer.shutdownNow();
        handlers.shutdownNow();
        readers.shutdownNow();
        try {
            readers.awaitTermination(5, TimeUnit.SECONDS);
            timer.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
