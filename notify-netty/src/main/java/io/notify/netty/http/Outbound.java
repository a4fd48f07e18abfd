package io.notify.netty.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The writing side of a stream or a WebSocket. Never holds more pending bytes than its limit. Internal to notify-netty.
 *
 * <p>The caller has framed the bytes; they are sent as they are. They are flushed together at the end of the event loop's
 * current task, or by {@link #flush}. Event loop only; no method throws if the peer is gone.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failing channel reports it by channelInactive
public final class Outbound implements Backlogs.Backlog {
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final PortLoop loop;
    private final Channel channel;
    /** The context next to the head, so that a write passes no other handler. */
    private final ChannelHandlerContext out;

    private final int maxPendingBytes;
    private boolean dirty;
    private long writes;

    Outbound(PortLoop loop, ChannelHandlerContext out, int maxPendingBytes) {
        this.loop = loop;
        this.channel = out.channel();
        this.out = out;
        this.maxPendingBytes = maxPendingBytes;
    }

    public PortLoop loop() {
        return loop;
    }

    /**
     * Queues bytes for this connection.
     *
     * @return false if they were rejected: a limit of pending bytes would be exceeded, or the connection is gone
     */
    public boolean offer(byte[] bytes) {
        if (!tryReserve(bytes.length)) {
            return false;
        }
        write(copy(bytes));
        return true;
    }

    /**
     * Like {@link #offer}, for an array that is offered to other connections within the same task. It is copied once for
     * the event loop, and must not be modified.
     */
    public boolean offerShared(byte[] bytes) {
        if (!tryReserve(bytes.length)) {
            return false;
        }
        write(loop.shared(bytes, this));
        return true;
    }

    private boolean tryReserve(int bytes) {
        return hasRoom(bytes) && loop.backlogs().tryReserve(this, bytes, maxPendingBytes);
    }

    /** Returns whether this connection's limit allows so many more pending bytes. */
    public boolean hasRoom(int bytes) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && buffer.totalPendingWriteBytes() + bytes <= maxPendingBytes;
    }

    /** Bytes accepted and not yet taken by the network, including Netty's overhead per write. */
    @Override
    public long pendingBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /**
     * Returns a number that grows whenever the network takes bytes, and has no other meaning. Only flushed bytes count, so
     * call {@link #flush} first.
     */
    public long progress() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : ((writes - buffer.size()) << Integer.SIZE) + buffer.currentProgress();
    }

    /** Sends the queued bytes now. */
    public void flush() {
        dirty = false;
        out.flush();
    }

    /** Closes the connection when the network has taken the queued bytes, but no later than after two seconds. */
    void flushThenClose() {
        dirty = false;
        if (!channel.isActive()) {
            channel.close();
            return;
        }
        Deadline timeout = new Deadline(now -> channel.close());
        loop.deadlines().set(timeout, loop.nanoTime() + CLOSE_NANOS);
        out.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            loop.deadlines().clear(timeout);
            channel.close();
        });
    }

    /** Queues bytes regardless of the limits: for the few that start or end a connection. */
    void force(byte[] bytes) {
        if (channel.unsafe().outboundBuffer() != null) {
            write(copy(bytes));
        }
    }

    ByteBuf copy(byte[] bytes) {
        return channel.alloc().directBuffer(bytes.length).writeBytes(bytes);
    }

    void flushIfDirty() {
        if (dirty) {
            flush();
        }
    }

    private void write(ByteBuf buffer) {
        // A failed write raises exceptionCaught, which closes the connection, so no write needs a promise of its own.
        out.write(buffer, channel.voidPromise());
        writes++;
        flushLater();
    }

    /** Schedules a flush at the end of the event loop's current task. */
    void flushLater() {
        if (!dirty) {
            dirty = true;
            loop.flushLater(this);
        }
    }
}
