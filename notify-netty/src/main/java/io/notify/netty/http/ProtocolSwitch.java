package io.notify.netty.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.Objects;
import java.util.function.Function;

/**
 * Replaces the HTTP handlers of a connection with those of a stream or a WebSocket. The new handlers are in place before
 * the decoder leaves, so that no byte is lost. Stateless; event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failing channel reports it by channelInactive
final class ProtocolSwitch {
    private ProtocolSwitch() {}

    /** Starts a stream on a connection whose response head has been written. */
    static HttpStream toStream(
            HttpConnection connection, ChannelPipeline pipeline, HttpReply head, int maxPendingBytes) {
        HttpStream stream = new HttpStream(pipeline.channel());
        ChannelHandlerContext tail = stream.handler(pipeline);
        connection.detach();
        pipeline.remove(HttpResponseEncoder.class);
        pipeline.remove(connection);
        pipeline.remove(RequestDecoder.class);
        pipeline.channel().config().setAutoRead(true);
        stream.start(new Outbound(connection.loop(), tail, maxPendingBytes));
        if (head.body().length > 0) {
            stream.outbound().force(head.body());
        }
        // Flushed together with the handler's first write: one segment, one system call.
        stream.outbound().flushLater();
        return stream;
    }

    /**
     * Answers 101 and opens a WebSocket.
     *
     * @param target the event loop that owns the WebSocket; {@code open} is called there
     */
    static void toWebSocket(
            HttpConnection connection,
            ChannelPipeline pipeline,
            HttpExchange exchange,
            WebSocketLimits limits,
            PortLoop target,
            Function<WebSocket, WebSocketListener> open) {
        if (target == connection.loop()) {
            openWebSocket(connection, pipeline, exchange, limits, open);
        } else {
            move(
                    connection,
                    pipeline.channel(),
                    target,
                    () -> openWebSocket(connection, pipeline, exchange, limits, open));
        }
    }

    private static void openWebSocket(
            HttpConnection connection,
            ChannelPipeline pipeline,
            HttpExchange exchange,
            WebSocketLimits limits,
            Function<WebSocket, WebSocketListener> open) {
        Channel channel = pipeline.channel();
        if (!channel.isActive()) {
            return;
        }
        WebSocket socket = new WebSocket(channel, limits);
        FrameDecoder frames = new FrameDecoder(limits, socket);
        pipeline.addLast(frames, socket.handler());
        PortLoop loop = connection.loop();
        Outbound outbound =
                new Outbound(loop, Objects.requireNonNull(pipeline.context(frames)), limits.maxPendingBytes());
        pipeline.remove(HttpResponseEncoder.class);
        connection.recordResponse(exchange, 101);
        // Flushed together with the listener's first write: one segment, one system call.
        outbound.force(loop.webSocketHandshake().accept(exchange.request()));
        connection.detach();
        pipeline.remove(connection);
        socket.start(outbound, open);
        // Last, since the decoder then passes the bytes it holds to the frame decoder, which needs its listener.
        pipeline.remove(RequestDecoder.class);
    }

    /** Moves the channel to another event loop. Nothing is read in between. */
    private static void move(HttpConnection connection, Channel channel, PortLoop target, Runnable then) {
        channel.config().setAutoRead(false);
        connection.clearDeadline();
        channel.deregister().addListener((ChannelFutureListener) left -> {
            if (!left.isSuccess()) {
                channel.close();
                return;
            }
            connection.moveTo(target);
            target.eventLoop().register(channel).addListener((ChannelFutureListener) entered -> {
                if (entered.isSuccess()) {
                    then.run();
                    channel.config().setAutoRead(true);
                } else {
                    channel.unsafe().closeForcibly();
                }
            });
        });
    }
}
