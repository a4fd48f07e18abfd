package io.notify.netty.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A response whose body is unbounded. Bytes offered to {@link #outbound()} are sent as they are, until either side closes.
 * Internal to notify-netty. Event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failing channel reports it by channelInactive
public final class HttpStream {
    private final Channel channel;
    private @Nullable Outbound outbound;
    private @Nullable Runnable onClose;
    private boolean closed;

    HttpStream(Channel channel) {
        this.channel = channel;
    }

    /** Returns the writing side of the stream. */
    public Outbound outbound() {
        return Objects.requireNonNull(outbound);
    }

    public PortLoop loop() {
        return outbound().loop();
    }

    /** Sets an action for the end of the stream, by either side. Runs once, and at once if the stream has ended. */
    public void onClose(Runnable action) {
        if (closed) {
            action.run();
        } else {
            onClose = action;
        }
    }

    /** Ends the stream after the bytes offered so far. */
    public void close() {
        outbound().flushThenClose();
    }

    void start(Outbound out) {
        outbound = out;
    }

    ChannelHandlerContext handler(ChannelPipeline pipeline) {
        Tail tail = new Tail();
        pipeline.addLast(tail);
        return Objects.requireNonNull(pipeline.context(tail));
    }

    private void closed() {
        if (!closed) {
            closed = true;
            Runnable action = onClose;
            onClose = null;
            if (action != null) {
                action.run();
            }
        }
    }

    /** Discards what the client sends, and reports the end of the connection. */
    private final class Tail extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            closed();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            channel.close();
        }
    }
}
