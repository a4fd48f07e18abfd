package io.notify.benchmarks.load;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One sender on a connection that it keeps: at most one note is under way, and a refusal is its last. On its event loop, but
 * for what says otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails says so by channelInactive
final class SendLane extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final Channel channel;
    private final Traffic traffic;
    private final Ledger ledger;
    private final String token;
    private final AtomicInteger awaited = new AtomicInteger();
    private volatile boolean stopping;
    private long began;
    private long number;

    /** @param first its first number */
    SendLane(Channel channel, int first, Traffic traffic, Ledger ledger, String token) {
        super(FullHttpResponse.class);
        this.channel = channel;
        this.number = first;
        this.traffic = traffic;
        this.ledger = ledger;
        this.token = token;
    }

    /** Any thread; once. */
    void start(long at) {
        channel.eventLoop().execute(() -> {
            began = at;
            sendWhenDue();
        });
    }

    /** What is under way goes on; nothing new begins. Any thread. */
    void stop() {
        stopping = true;
    }

    /** One more of what this lane waits for has come: the answer, or a delivery of its note. Any thread. */
    void settled() {
        if (awaited.decrementAndGet() == 0) {
            channel.eventLoop().execute(() -> {
                number += traffic.lanes();
                sendWhenDue();
            });
        }
    }

    private void sendWhenDue() {
        long now = System.nanoTime();
        if (!traffic.isPaced()) {
            send(now);
            return;
        }
        // a late one counts from when it was due, whoever held it up
        long due = traffic.due(number, began);
        if (due - now <= 0) {
            send(due);
        } else {
            channel.eventLoop().schedule(() -> send(due), due - now, TimeUnit.NANOSECONDS);
        }
    }

    private void send(long at) {
        if (stopping) {
            return;
        }
        awaited.set(traffic.isPaced() ? 1 : 1 + traffic.fanOut());
        ledger.sending();
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.POST,
                "/notifications",
                Unpooled.copiedBuffer(traffic.body(new Note(number, at)), StandardCharsets.UTF_8));
        request.headers()
                .set(HttpHeaderNames.HOST, "127.0.0.1")
                .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token)
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, request.content().readableBytes());
        channel.writeAndFlush(request, channel.voidPromise());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse answer) {
        if (answer.status().codeClass() == HttpStatusClass.SUCCESS) {
            settled();
        } else {
            ledger.refused();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!stopping) {
            ledger.refused();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
