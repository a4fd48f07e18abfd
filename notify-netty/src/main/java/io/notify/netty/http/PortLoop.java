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
 * What one port keeps for one of its event loops; touched by that loop alone, except for {@link #execute}. Internal to
 * notify-netty.
 *
 * <p>Two things end with the task that began them: connections written to are flushed once, and bytes shared by many
 * connections, which are copied into one direct buffer, are let go.
 */
public final class PortLoop implements Executor {
    /** A broadcast meets as many encodings as there are namespaces and formats, one after another: a few are enough. */
    private static final int SHARED = 8;

    private final EventLoop eventLoop;
    private final Deadlines deadlines;
    private final Backlogs backlogs;
    private final LongSupplier nanoClock;
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

    /** The port's nano clock. Any thread. */
    public long nanoTime() {
        return nanoClock.getAsLong();
    }

    /** Whether the caller is this loop's thread. Any thread. */
    public boolean inLoop() {
        return eventLoop.inEventLoop();
    }

    /** Runs a task on the loop, after those handed over before. Any thread; a loop that has shut down drops it. */
    @Override
    public void execute(Runnable task) {
        try {
            eventLoop.execute(task);
        } catch (RejectedExecutionException shutDown) {
            // Every connection of a loop that has shut down is gone: there is nobody left to do it for.
        }
    }

    /** Runs a task now if the caller is the loop's thread, else as {@link #execute}. Any thread. */
    public void run(Runnable task) {
        if (inLoop()) {
            task.run();
        } else {
            execute(task);
        }
    }

    void flushLater(Outbound outbound) {
        dirty.add(outbound);
        endLater();
    }

    /**
     * A duplicate, owned by the caller, of a direct buffer with these bytes; asking again with the same array within the
     * same task copies nothing.
     */
    ByteBuf shared(byte[] bytes, Outbound asker) {
        for (int i = 0; i < sharedCount; i++) {
            ByteBuf buffer = sharedBuffers[i];
            if (sharedBytes[i] == bytes && buffer != null) {
                return buffer.retainedDuplicate();
            }
        }
        ByteBuf buffer = asker.copy(bytes);
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
        endLater();
        return buffer.retainedDuplicate();
    }

    /** The value of the {@code Date} header. */
    String date() {
        long second = System.currentTimeMillis() / 1000;
        if (second != dateSecond) {
            dateSecond = second;
            date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
        }
        return date;
    }

    private void endLater() {
        if (!endScheduled) {
            endScheduled = true;
            execute(this::end);
        }
    }

    private void end() {
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
        // By index: a flush may fail, close its connection and so write to others.
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flushIfDirty();
        }
        dirty.clear();
    }
}
