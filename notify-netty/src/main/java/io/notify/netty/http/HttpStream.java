package io.notify.netty.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The endless body of one answer: what is offered to {@link #outbound()} goes out as it is, until either side closes.
 * Internal to notify-netty. Event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails says so by channelInactive
public final class HttpStream {
    private final Channel channel;
    private @Nullable Outbound outbound;
    private @Nullable Runnable onClose;
    private boolean closed;

    HttpStream(Channel channel) {
        this.channel = channel;
    }

    /** Where the pieces go. */
    public Outbound outbound() {
        return Objects.requireNonNull(outbound);
    }

    public PortLoop loop() {
        return outbound().loop();
    }

    /** Says what to do when the stream is over, whoever ended it; done once, at once if it is over. */
    public void onClose(Runnable action) {
        if (closed) {
            action.run();
        } else {
            onClose = action;
        }
    }

    /** Ends the stream after what was offered so far. */
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

    /** Drops what a client says while it listens, and notices when it goes. */
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
