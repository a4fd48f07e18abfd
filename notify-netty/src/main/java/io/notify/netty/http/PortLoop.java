package io.notify.netty.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of a port, with the resources that its connections share. Only this loop may use it, unless a method says
 * otherwise. Internal to notify-netty.
 *
 * <p>At the end of each task, every connection that was written to is flushed once, and the direct buffers of bytes sent to
 * many connections are released.
 */
public final class PortLoop implements Executor {
    /** The number of shared buffers. A broadcast has one encoding per namespace and format, so a few suffice. */
    private static final int SHARED = 8;

    // Any thread.

    private final EventLoop eventLoop;
    private final LongSupplier nanoClock;

    // The event loop only.

    private final Deadlines deadlines;
    private final Backlogs backlogs;
    private final WebSocketHandshake webSocketHandshake = new WebSocketHandshake();
    private final ArrayList<Outbound> dirty = new ArrayList<>();
    private final byte[] @Nullable [] sharedBytes = new byte[SHARED][];
    private final @Nullable ByteBuf[] sharedBuffers = new ByteBuf[SHARED];
    private int sharedNext;
    private int sharedCount;
    private boolean endScheduled;
    private long dateSecond = Long.MIN_VALUE;
    private String date = "";

    PortLoop(EventLoop eventLoop, LongSupplier nanoClock, long backlogShare) {
        this.eventLoop = eventLoop;
        this.nanoClock = nanoClock;
        deadlines = new Deadlines(eventLoop, nanoClock);
        backlogs = new Backlogs(backlogShare, nanoClock);
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    public Deadlines deadlines() {
        return deadlines;
    }

    WebSocketHandshake webSocketHandshake() {
        return webSocketHandshake;
    }

    public Backlogs backlogs() {
        return backlogs;
    }

    /** Returns the current value of the port's nano clock. Any thread. */
    public long nanoTime() {
        return nanoClock.getAsLong();
    }

    /** Returns whether the caller is this loop's thread. Any thread. */
    public boolean inLoop() {
        return eventLoop.inEventLoop();
    }

    /** Runs a task on the loop after those submitted before. Any thread. A loop that has shut down ignores the task. */
    @Override
    public void execute(Runnable task) {
        try {
            eventLoop.execute(task);
        } catch (RejectedExecutionException shutDown) {
            // A loop that has shut down has no connections left that the task could serve.
        }
    }

    /** Runs a task now if the caller is the loop's thread, and by {@link #execute} otherwise. Any thread. */
    public void run(Runnable task) {
        if (inLoop()) {
            task.run();
        } else {
            execute(task);
        }
    }

    void flushLater(Outbound outbound) {
        dirty.add(outbound);
        scheduleEndOfTask();
    }

    /**
     * Returns a direct buffer with these bytes, owned by the caller. The same array is copied only once within a task.
     */
    ByteBuf shared(byte[] bytes, Outbound requester) {
        for (int i = 0; i < sharedCount; i++) {
            ByteBuf buffer = sharedBuffers[i];
            if (sharedBytes[i] == bytes && buffer != null) {
                return buffer.retainedDuplicate();
            }
        }
        ByteBuf buffer = requester.copy(bytes);
        if (sharedCount < SHARED) {
            sharedCount++;
        } else {
            ByteBuf evicted = sharedBuffers[sharedNext];
            if (evicted != null) {
                evicted.release();
            }
        }
        sharedBytes[sharedNext] = bytes;
        sharedBuffers[sharedNext] = buffer;
        sharedNext = (sharedNext + 1) % SHARED;
        scheduleEndOfTask();
        return buffer.retainedDuplicate();
    }

    /** Returns the value of the {@code Date} header. */
    String date() {
        long second = System.currentTimeMillis() / 1000;
        if (second != dateSecond) {
            dateSecond = second;
            date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
        }
        return date;
    }

    private void scheduleEndOfTask() {
        if (!endScheduled) {
            endScheduled = true;
            execute(this::endOfTask);
        }
    }

    private void endOfTask() {
        endScheduled = false;
        for (int i = 0; i < sharedCount; i++) {
            ByteBuf buffer = sharedBuffers[i];
            if (buffer != null) {
                buffer.release();
            }
            sharedBuffers[i] = null;
            sharedBytes[i] = null;
        }
        sharedCount = 0;
        sharedNext = 0;
        // By index: a flush may fail and close its connection, whose listener may then write to others.
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flushIfDirty();
        }
        dirty.clear();
    }
}
