package io.notify.benchmarks.load;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageDecoder;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for the event stream once connected, and passes on the bytes of its body. */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails says so by channelInactive
final class SseOpening extends MessageToMessageDecoder<HttpObject> {
    private final String token;
    private final @Nullable String cursor;

    SseOpening(String token, @Nullable String cursor) {
        super(HttpObject.class);
        this.token = token;
        this.cursor = cursor;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.GET, "/notifications/sse", Unpooled.EMPTY_BUFFER);
        request.headers()
                .set(HttpHeaderNames.HOST, "127.0.0.1")
                .set(HttpHeaderNames.ACCEPT, "text/event-stream")
                .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token);
        if (cursor != null) {
            request.headers().set("Last-Event-ID", cursor);
        }
        ctx.writeAndFlush(request);
        ctx.fireChannelActive();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, HttpObject part, List<Object> out) throws IOException {
        if (part instanceof HttpResponse response && !response.status().equals(HttpResponseStatus.OK)) {
            throw new IOException("the event stream: " + response.status());
        }
        if (part instanceof HttpContent content && content.content().isReadable()) {
            out.add(content.content().retain());
        }
    }
}
