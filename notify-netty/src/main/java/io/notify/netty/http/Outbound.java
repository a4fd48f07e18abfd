package io.notify.netty.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The writing half of a connection that was taken over; never holds more than its bound of bytes that the network has
 * not taken. Internal to notify-netty.
 *
 * <p>What is offered goes out as it is: the caller has framed it. It is flushed at the end of the event loop's task, once
 * for all that was offered, or by {@link #flush}. Event loop only; nothing throws when the peer is gone.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails says so by channelInactive
public final class Outbound implements Backlogs.Backlog {
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final PortLoop loop;
    private final Channel channel;
    /** The context next to the head, so that a write walks no pipeline. */
    private final ChannelHandlerContext out;

    private final int maxPendingBytes;
    private boolean dirty;
    private long pieces;

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
     * Takes bytes for this connection alone.
     *
     * @return false if nothing was taken: its bound or that of all would be exceeded, or the connection is gone
     */
    public boolean offer(byte[] bytes) {
        if (!mayTake(bytes.length)) {
            return false;
        }
        write(copy(bytes));
        return true;
    }

    /**
     * Takes bytes that other connections are offered within the same task as well: the same array, which nobody may
     * change. They are copied once for the whole event loop.
     *
     * @return as {@link #offer}
     */
    public boolean offerShared(byte[] bytes) {
        if (!mayTake(bytes.length)) {
            return false;
        }
        write(loop.shared(bytes, this));
        return true;
    }

    private boolean mayTake(int bytes) {
        return hasRoom(bytes) && loop.backlogs().tryReserve(this, bytes, maxPendingBytes);
    }

    /** Whether so many bytes more are within this connection's bound. */
    public boolean hasRoom(int bytes) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && buffer.totalPendingWriteBytes() + bytes <= maxPendingBytes;
    }

    /** Bytes taken that the network has not, with Netty's own overhead for each piece. */
    @Override
    public long pendingBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /**
     * Grows whenever the network takes something, be it a part of a piece; means nothing else. Of what was flushed: call
     * {@link #flush} before.
     */
    public long progress() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : ((pieces - buffer.size()) << Integer.SIZE) + buffer.currentProgress();
    }

    /** Hands what was offered to the network now. */
    public void flush() {
        dirty = false;
        out.flush();
    }

    /** Closes the connection when the network has taken what was offered; at the latest after two seconds. */
    void flushThenClose() {
        dirty = false;
        if (!channel.isActive()) {
            channel.close();
            return;
        }
        Deadline patience = new Deadline(now -> channel.close());
        loop.deadlines().set(patience, loop.nanoTime() + CLOSE_NANOS);
        out.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            loop.deadlines().clear(patience);
            channel.close();
        });
    }

    /** Takes bytes whatever the bound: for the few that end a connection. */
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
        // A failure comes back as exceptionCaught, which closes: no promise for each write.
        out.write(buffer, channel.voidPromise());
        pieces++;
        flushLater();
    }

    /** Has what was written, by whomever, flushed at the end of the event loop's task. */
    void flushLater() {
        if (!dirty) {
            dirty = true;
            loop.flushLater(this);
        }
    }
}
