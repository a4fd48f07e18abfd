package io.notify.netty.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles one request after another, so that pipelined ones are answered in their order; no request takes longer to come
 * in than its time.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails says so by channelInactive
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);
    /** Parts of requests that wait behind the present one; beyond these the socket is not read. */
    private static final int MAX_HELD = 16;

    /** Bytes of an unwanted body that cost less than a new connection. */
    private static final int MAX_SKIPPED = 64 * 1024;

    private static final String NOT_IN_AUTHORITY = "/\\?#@\"<>^`{|}";

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final HttpPort port;
    private final InetSocketAddress remoteAddress;
    private final Deadline deadline = new Deadline(this::due);
    /** Written by the loop that is left, before the one that is entered sees it; read by any thread. */
    private volatile PortLoop loop;

    private @Nullable ChannelHandlerContext ctx;
    private @Nullable HttpExchange current;
    private Body body = Body.DONE;
    private @Nullable ByteArrayOutputStream received;
    private @Nullable Consumer<byte[]> consumer;
    private int maxBody;
    private @Nullable ArrayDeque<Object> held;
    private boolean draining;
    private boolean requestBegun = true;
    private boolean inRead;
    private boolean flushWanted;
    private boolean ending;

    HttpConnection(HttpPort port, PortLoop loop, InetSocketAddress remoteAddress) {
        this.port = port;
        this.loop = loop;
        this.remoteAddress = remoteAddress;
    }

    PortLoop loop() {
        return loop;
    }

    InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        loop.deadlines()
                .set(deadline, loop.nanoTime() + port.limits().requestTime().toNanos());
    }

    /** The first byte of a request came in. */
    void requestBegins() {
        if (!requestBegun && !ending) {
            requestBegun = true;
            loop.deadlines()
                    .set(deadline, loop.nanoTime() + port.limits().requestTime().toNanos());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        inRead = true;
        if (ending) {
            ReferenceCountUtil.release(message);
        } else if ((held != null && !held.isEmpty()) || !takes(message)) {
            hold(message);
        } else {
            process(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        inRead = false;
        if (flushWanted) {
            flushWanted = false;
            ctx.flush();
        }
    }

    /** A client that asks and does not read waits: its next request is taken up when it has taken its answers. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && !ending) {
            drain();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && !ending) {
            if (current == null || body != Body.DONE) {
                fail(400, "The request is malformed.");
            } else {
                hold(new Malformed());
            }
        } else {
            if (!(cause instanceof IOException)) {
                log.warn("Closed {} after an unexpected failure", remoteAddress, cause);
            }
            ctx.close();
        }
    }

    private boolean takes(Object message) {
        if (message instanceof HttpContent) {
            return current == null || body != Body.UNASKED;
        }
        return current == null && context().channel().isWritable();
    }

    private void hold(Object message) {
        if (held == null) {
            held = new ArrayDeque<>();
        }
        held.add(message);
        if (held.size() == MAX_HELD) {
            context().channel().config().setAutoRead(false);
        }
    }

    private void drain() {
        if (draining || held == null) {
            return;
        }
        draining = true;
        // An answer given meanwhile may end the connection, or hand it over.
        while (held != null && !held.isEmpty() && takes(Objects.requireNonNull(held.peek()))) {
            process(held.remove());
        }
        draining = false;
        if (held != null && held.isEmpty()) {
            held = null;
            context().channel().config().setAutoRead(true);
        }
    }

    private void process(Object message) {
        if (message instanceof HttpRequest request) {
            begin(request);
        } else if (message instanceof HttpContent content) {
            try {
                take(content);
            } finally {
                content.release();
            }
        } else if (message instanceof Malformed) {
            fail(400, "The request is malformed.");
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            Throwable cause = request.decoderResult().cause();
            if (cause instanceof TooLongHttpLineException) {
                fail(414, "The request line is longer than " + port.limits().maxUriBytes() + " bytes.");
            } else if (cause instanceof TooLongHttpHeaderException) {
                fail(431, "The headers are more than " + port.limits().maxHeaderBytes() + " bytes.");
            } else {
                fail(400, "The request is malformed.");
            }
            return;
        }
        HttpHeaders headers = request.headers();
        String host = headers.get(HttpHeaderNames.HOST);
        OriginPolicy.Verdict verdict = headers.getAll(HttpHeaderNames.ORIGIN).size() > 1
                ? OriginPolicy.Verdict.FOREIGN
                : port.origins().judge(headers.get(HttpHeaderNames.ORIGIN), host);
        HttpExchange exchange = new HttpExchange(this, request, verdict);
        current = exchange;
        boolean hasBody = HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
        body = hasBody ? Body.UNASKED : Body.EMPTY;
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            fail(505, "HTTP/1.1 is spoken here.");
        } else if (!request.uri().startsWith("/")) {
            fail(400, "The request target is no path.");
        } else if (!isVisibleAscii(request.uri())) {
            fail(400, "The request target has characters that must be escaped.");
        } else if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && headers.getAll(HttpHeaderNames.HOST).size() != 1) {
            fail(400, "There is not exactly one Host header.");
        } else if (host != null && !isAuthority(host)) {
            fail(400, "The Host header is no host.");
        } else if (hasBody) {
            dispatch(exchange);
            drain();
        }
    }

    /** RFC 3986 escapes all else; unescaped, it could end up in a log as a terminal's command. */
    private static boolean isVisibleAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** RFC 9112, 3.2: what is no {@code host[:port]} "must" be refused; it is what an origin is compared with. */
    private static boolean isAuthority(String host) {
        for (int i = 0; i < host.length(); i++) {
            if (NOT_IN_AUTHORITY.indexOf(host.charAt(i)) >= 0) {
                return false;
            }
        }
        return !host.isEmpty() && isVisibleAscii(host);
    }

    private void take(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            fail(400, "The body is malformed.");
            return;
        }
        HttpExchange exchange = current;
        boolean last = content instanceof LastHttpContent;
        if (exchange == null || body == Body.DONE) {
            return;
        }
        if (body == Body.SKIPPED) {
            if (last) {
                requestDone();
                goOn();
            }
            return;
        }
        if (body == Body.EMPTY) {
            if (last) {
                requestDone();
                dispatch(exchange);
            }
            return;
        }
        append(content.content());
        if (ending) {
            return;
        }
        if (last) {
            requestDone();
            ByteArrayOutputStream bytes = Objects.requireNonNull(received);
            Consumer<byte[]> reader = Objects.requireNonNull(consumer);
            received = null;
            consumer = null;
            guarded(exchange, () -> reader.accept(bytes.toByteArray()));
        }
    }

    private void append(ByteBuf bytes) {
        ByteArrayOutputStream sink = Objects.requireNonNull(received);
        if (sink.size() + bytes.readableBytes() > maxBody) {
            fail(413, "The body is more than " + maxBody + " bytes.");
        } else {
            sink.writeBytes(ByteBufUtil.getBytes(bytes));
        }
    }

    private void requestDone() {
        body = Body.DONE;
        requestBegun = false;
        loop.deadlines().clear(deadline);
    }

    private void dispatch(HttpExchange exchange) {
        if (exchange.origin() == OriginPolicy.Verdict.FOREIGN) {
            port.counts().refused(PortRefusal.FOREIGN_ORIGIN);
            exchange.reply(HttpReply.problem(403, "This origin is not allowed."));
        } else if (isPreflight(exchange)) {
            exchange.reply(preflight(exchange));
        } else {
            guarded(exchange, () -> port.routes().find(exchange.path()).handle(exchange));
        }
    }

    private void guarded(HttpExchange exchange, Runnable handler) {
        try {
            handler.run();
        } catch (MalformedQueryException malformed) {
            exchange.reply(HttpReply.problem(400, "The query has a malformed escape."));
        } catch (RuntimeException failure) {
            log.error("A handler failed: {} {}", exchange.method(), exchange.path(), failure);
            exchange.reply(HttpReply.problem(500, "The request could not be handled."));
        }
    }

    private static boolean isPreflight(HttpExchange exchange) {
        return exchange.request().method().equals(HttpMethod.OPTIONS)
                && exchange.origin() != OriginPolicy.Verdict.ABSENT
                && exchange.header(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD) != null;
    }

    private static HttpReply preflight(HttpExchange exchange) {
        HttpReply reply = HttpReply.empty(204)
                .withHeader("access-control-allow-methods", "GET, POST, PUT, DELETE, HEAD")
                .withHeader("access-control-max-age", "600");
        // The origin is one that may ask for anything: so may its headers.
        String headers = exchange.header(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        return headers == null ? reply : reply.withHeader("access-control-allow-headers", headers);
    }

    void readBody(HttpExchange exchange, int maxBytes, Consumer<byte[]> reader) {
        if (exchange != current) {
            return;
        }
        if (body == Body.DONE) {
            guarded(exchange, () -> reader.accept(new byte[0]));
            return;
        }
        if (body != Body.UNASKED) {
            throw new IllegalStateException("readBody: called twice (expected: once)");
        }
        HttpRequest request = exchange.request();
        if (HttpUtil.getContentLength(request, 0L) > maxBytes) {
            fail(413, "The body is more than " + maxBytes + " bytes.");
            return;
        }
        body = Body.READING;
        maxBody = maxBytes;
        consumer = reader;
        received = new ByteArrayOutputStream(256);
        if (HttpUtil.is100ContinueExpected(request)) {
            context()
                    .writeAndFlush(new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
        drain();
    }

    /** Writes the answer to the present request, then goes on to the next one. */
    void write(HttpExchange exchange, HttpReply reply) {
        if (exchange != current || ending) {
            return;
        }
        answered(exchange, reply.status());
        if (body == Body.UNASKED && isWorthSkipping(exchange.request())) {
            body = Body.SKIPPED;
        }
        boolean keepAlive = (body == Body.DONE || body == Body.SKIPPED) && HttpUtil.isKeepAlive(exchange.request());
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                exchange.request().method().equals(HttpMethod.HEAD)
                        ? Unpooled.EMPTY_BUFFER
                        : Unpooled.wrappedBuffer(reply.body()));
        setHeaders(response, exchange, reply);
        if (reply.status() != 204 && reply.status() != 304) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        }
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (exchange.request().protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        if (keepAlive) {
            ChannelHandlerContext ctx = context();
            ctx.write(response, ctx.voidPromise());
            flush();
            if (body == Body.DONE) {
                goOn();
            } else {
                drain();
            }
        } else {
            current = null;
            end(response);
        }
    }

    /** Without the query, where tokens stand. */
    private void answered(@Nullable HttpExchange exchange, int status) {
        port.counts().answered(status);
        log.atDebug()
                .addKeyValue("peer", remoteAddress)
                .addKeyValue("method", exchange == null ? "" : exchange.method())
                .addKeyValue("path", exchange == null ? "" : exchange.path())
                .addKeyValue("status", status)
                .log("a request was answered");
    }

    /** Makes way for the next request. */
    private void goOn() {
        current = null;
        long time = requestBegun
                ? port.limits().requestTime().toNanos()
                : port.limits().keepAliveTime().toNanos();
        loop.deadlines().set(deadline, loop.nanoTime() + time);
        drain();
    }

    private void flush() {
        if (inRead) {
            flushWanted = true;
        } else {
            context().flush();
        }
    }

    private static boolean isWorthSkipping(HttpRequest request) {
        return !HttpUtil.isTransferEncodingChunked(request)
                && HttpUtil.getContentLength(request, 0L) <= MAX_SKIPPED
                && !HttpUtil.is100ContinueExpected(request);
    }

    private void setHeaders(HttpResponse response, HttpExchange exchange, HttpReply reply) {
        HttpHeaders headers = response.headers();
        reply.headers().forEach(headers::set);
        if (!reply.contentType().isEmpty()) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
            headers.set("x-content-type-options", "nosniff");
        }
        if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
            // A cache between here and the client might keep what a token in the query asked for.
            headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        }
        headers.set(HttpHeaderNames.DATE, loop.date());
        switch (exchange.origin()) {
            case LISTED -> {
                headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, exchange.header(HttpHeaderNames.ORIGIN));
                headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
                headers.add(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
            }
            case ANY -> headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            case SAME, ABSENT, FOREIGN -> {}
        }
    }

    /** Answers what cannot be handled, and ends. */
    private void fail(int status, String detail) {
        HttpExchange exchange = current;
        current = null;
        if (exchange != null) {
            exchange.close();
        }
        answered(exchange, status);
        HttpReply reply = HttpReply.problem(status, detail);
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(reply.body()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length)
                .set(HttpHeaderNames.DATE, loop.date())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        end(response);
    }

    /**
     * Writes the last answer and closes. What the client still sends is read and dropped for a while: closing over unread
     * bytes would reset the connection, and the client might never see the answer.
     */
    private void end(HttpResponse last) {
        ending = true;
        releaseHeld();
        received = null;
        consumer = null;
        ChannelHandlerContext ctx = context();
        ctx.channel().config().setAutoRead(true);
        loop.deadlines().set(deadline, loop.nanoTime() + LINGER_NANOS);
        flushWanted = false;
        ctx.writeAndFlush(last).addListener((ChannelFutureListener) written -> {
            if (written.isSuccess()) {
                ((DuplexChannel) written.channel()).shutdownOutput();
            } else {
                written.channel().close();
            }
        });
    }

    @Nullable
    HttpStream startStream(HttpExchange exchange, HttpReply head, int maxPendingBytes) {
        if (exchange != current || ending || body != Body.DONE) {
            return null;
        }
        ChannelHandlerContext ctx = context();
        DefaultHttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(head.status()));
        setHeaders(response, exchange, head);
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ctx.write(response, ctx.voidPromise());
        answered(exchange, head.status());
        HttpStream stream = new HttpStream(ctx.channel());
        ChannelHandlerContext tail = stream.handler(ctx.pipeline());
        leave(ctx.pipeline());
        stream.start(new Outbound(loop, tail, maxPendingBytes));
        if (head.body().length > 0) {
            stream.outbound().force(head.body());
        }
        // with what the handler writes first: one segment, one system call
        stream.outbound().flushLater();
        return stream;
    }

    void startWebSocket(
            HttpExchange exchange,
            WebSocketLimits limits,
            PortLoop target,
            Function<WebSocket, WebSocketListener> open) {
        if (exchange != current || ending) {
            return;
        }
        if (body != Body.DONE || (held != null && !held.isEmpty())) {
            fail(400, "Something follows the WebSocket handshake before it was answered.");
            return;
        }
        held = null;
        if (target == loop) {
            openWebSocket(exchange, limits, open);
        } else {
            move(target, () -> openWebSocket(exchange, limits, open));
        }
    }

    private void openWebSocket(
            HttpExchange exchange, WebSocketLimits limits, Function<WebSocket, WebSocketListener> open) {
        ChannelHandlerContext ctx = context();
        Channel channel = ctx.channel();
        if (!channel.isActive()) {
            return;
        }
        ChannelPipeline pipeline = ctx.pipeline();
        WebSocket socket = new WebSocket(channel, limits);
        FrameDecoder frames = new FrameDecoder(limits, socket);
        pipeline.addLast(frames, socket.handler());
        Outbound outbound =
                new Outbound(loop, Objects.requireNonNull(pipeline.context(frames)), limits.maxPendingBytes());
        pipeline.remove(HttpResponseEncoder.class);
        answered(exchange, 101);
        // flushed with what the listener writes first: one segment, one system call
        outbound.force(loop.webSocketHandshake().accept(exchange.request()));
        current = null;
        loop.deadlines().clear(deadline);
        pipeline.remove(this);
        socket.start(outbound, open);
        // Last: what it holds of the next bytes goes to the frame decoder, whose listener is there now.
        pipeline.remove(RequestDecoder.class);
    }

    /** Takes the channel to another event loop; reads nothing meanwhile. */
    private void move(PortLoop target, Runnable then) {
        Channel channel = context().channel();
        channel.config().setAutoRead(false);
        loop.deadlines().clear(deadline);
        channel.deregister().addListener((ChannelFutureListener) left -> {
            if (!left.isSuccess()) {
                channel.close();
                return;
            }
            loop = target;
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

    private void leave(ChannelPipeline pipeline) {
        current = null;
        loop.deadlines().clear(deadline);
        releaseHeld();
        pipeline.remove(HttpResponseEncoder.class);
        pipeline.remove(this);
        pipeline.remove(RequestDecoder.class);
        pipeline.channel().config().setAutoRead(true);
    }

    private void gone() {
        loop.deadlines().clear(deadline);
        releaseHeld();
        ending = true;
        HttpExchange exchange = current;
        current = null;
        if (exchange != null) {
            exchange.close();
        }
    }

    private void releaseHeld() {
        if (held != null) {
            held.forEach(ReferenceCountUtil::release);
            held = null;
        }
    }

    private void due(long now) {
        if (ending) {
            context().close();
        } else if (current != null && body == Body.DONE) {
            // What came in is whole; the answer takes as long as it takes.
            return;
        } else if (body == Body.SKIPPED) {
            context().close();
        } else if (requestBegun && current != null) {
            fail(408, "The body did not come in time.");
        } else if (requestBegun) {
            fail(408, "The request did not come in time.");
        } else {
            context().close();
        }
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(ctx);
    }

    /** Stands in the queue for bytes that were no HTTP. */
    private record Malformed() {}

    private enum Body {
        /** None is announced; its end has not come. */
        EMPTY,
        /** Nobody asked for it yet. */
        UNASKED,
        READING,
        /** Answered without it; read over to keep the connection. */
        SKIPPED,
        DONE
    }
}
