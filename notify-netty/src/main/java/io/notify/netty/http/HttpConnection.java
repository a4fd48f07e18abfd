package io.notify.netty.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
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
 * Processes the requests of one connection, one at a time. Pipelined requests are answered in order, and each request
 * must arrive within its time limit.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failing channel reports it by channelInactive
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

    /** Messages that may wait behind the current request. At this number, reading from the socket stops. */
    private static final int MAX_HELD = 16;

    /** The largest unread body in bytes that is skipped to keep the connection; a new connection would cost more. */
    private static final int MAX_SKIPPED = 64 * 1024;

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    // Any thread.

    private final HttpPort port;
    private final InetSocketAddress remoteAddress;
    /** Written by the old event loop, before the new one sees the channel. */
    private volatile PortLoop loop;

    // The connection's event loop only.

    private final Deadline deadline = new Deadline(this::due);
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable HttpExchange current;
    private Body body = Body.DONE;
    private @Nullable BodyReader bodyReader;
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

    // Events of the channel.

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        setDeadline(port.limits().requestTime().toNanos());
    }

    /** Called by the decoder when the first byte of a request has arrived. */
    void requestBegins() {
        if (!requestBegun && !ending) {
            requestBegun = true;
            setDeadline(port.limits().requestTime().toNanos());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        inRead = true;
        if (ending) {
            ReferenceCountUtil.release(message);
        } else if (hasHeld() || !canProcess(message)) {
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

    /** Back-pressure: the next request of a client that does not read is processed once its responses are written. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && !ending) {
            drain();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        clearDeadline();
        releaseHeld();
        ending = true;
        HttpExchange exchange = current;
        current = null;
        if (exchange != null) {
            exchange.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && !ending) {
            if (current == null || body != Body.DONE) {
                reject(RequestValidator.malformed());
            } else {
                hold(new Malformed());
            }
        } else {
            if (!(cause instanceof IOException)) {
                log.warn("closed {} after an unexpected failure", remoteAddress, cause);
            }
            ctx.close();
        }
    }

    // Pipelining.

    private boolean canProcess(Object message) {
        if (message instanceof HttpContent) {
            return current == null || body != Body.UNREAD;
        }
        return current == null && context().channel().isWritable();
    }

    private boolean hasHeld() {
        return held != null && !held.isEmpty();
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
        // Processing a message may end the connection or hand it over, which clears the queue.
        while (held != null && !held.isEmpty() && canProcess(Objects.requireNonNull(held.peek()))) {
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
                receive(content);
            } finally {
                content.release();
            }
        } else if (message instanceof Malformed) {
            reject(RequestValidator.malformed());
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void releaseHeld() {
        if (held != null) {
            held.forEach(ReferenceCountUtil::release);
            held = null;
        }
    }

    // Requests.

    private void begin(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            reject(RequestValidator.undecodable(request.decoderResult().cause(), port.limits()));
            return;
        }
        HttpExchange exchange = new HttpExchange(this, request, judgeOrigin(request.headers()));
        current = exchange;
        boolean hasBody = HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
        body = hasBody ? Body.UNREAD : Body.EMPTY;
        HttpReply problem = RequestValidator.validate(request);
        if (problem != null) {
            reject(problem);
        } else if (hasBody) {
            dispatch(exchange);
            drain();
        }
    }

    private OriginPolicy.Verdict judgeOrigin(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.ORIGIN).size() > 1
                ? OriginPolicy.Verdict.FOREIGN
                : port.origins().judge(headers.get(HttpHeaderNames.ORIGIN), headers.get(HttpHeaderNames.HOST));
    }

    private void dispatch(HttpExchange exchange) {
        if (exchange.origin() == OriginPolicy.Verdict.FOREIGN) {
            port.counts().refused(PortRefusal.FOREIGN_ORIGIN);
            exchange.reply(HttpReply.problem(403, "This origin is not allowed."));
        } else if (Cors.isPreflight(exchange)) {
            exchange.reply(Cors.preflightReply(exchange));
        } else {
            guarded(exchange, () -> port.routes().find(exchange.path()).handle(exchange));
        }
    }

    private static void guarded(HttpExchange exchange, Runnable handler) {
        try {
            handler.run();
        } catch (MalformedQueryException malformed) {
            exchange.reply(HttpReply.problem(400, "The query has a malformed percent-encoding."));
        } catch (RuntimeException failure) {
            log.error("handler failed: {} {}", exchange.method(), exchange.path(), failure);
            exchange.reply(HttpReply.problem(500, "The request could not be handled."));
        }
    }

    // Bodies.

    void readBody(HttpExchange exchange, int maxBytes, Consumer<byte[]> consumer) {
        if (exchange != current) {
            return;
        }
        if (body == Body.DONE) {
            guarded(exchange, () -> consumer.accept(new byte[0]));
            return;
        }
        if (body != Body.UNREAD) {
            throw new IllegalStateException("readBody: called twice (expected: once)");
        }
        HttpRequest request = exchange.request();
        if (HttpUtil.getContentLength(request, 0L) > maxBytes) {
            reject(bodyTooLarge(maxBytes));
            return;
        }
        body = Body.READING;
        bodyReader = new BodyReader(maxBytes, consumer);
        if (HttpUtil.is100ContinueExpected(request)) {
            context().writeAndFlush(Responses.continue100());
        }
        drain();
    }

    private void receive(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            reject(HttpReply.problem(400, "The body is malformed."));
            return;
        }
        HttpExchange exchange = current;
        if (exchange == null || body == Body.DONE) {
            return;
        }
        if (body == Body.READING) {
            BodyReader reader = Objects.requireNonNull(bodyReader);
            if (!reader.append(content.content())) {
                reject(bodyTooLarge(reader.maxBytes()));
                return;
            }
        }
        if (content instanceof LastHttpContent) {
            requestComplete(exchange);
        }
    }

    private void requestComplete(HttpExchange exchange) {
        Body completed = body;
        body = Body.DONE;
        requestBegun = false;
        clearDeadline();
        switch (completed) {
            case EMPTY -> dispatch(exchange);
            case READING -> {
                BodyReader reader = Objects.requireNonNull(bodyReader);
                bodyReader = null;
                guarded(exchange, reader::complete);
            }
            case SKIPPED -> awaitNextRequest();
            case UNREAD, DONE -> throw new IllegalStateException("body: " + completed + " at its last part");
        }
    }

    private static HttpReply bodyTooLarge(int maxBytes) {
        return HttpReply.problem(413, "The body exceeds " + maxBytes + " bytes.");
    }

    private static boolean isWorthSkipping(HttpRequest request) {
        return !HttpUtil.isTransferEncodingChunked(request)
                && HttpUtil.getContentLength(request, 0L) <= MAX_SKIPPED
                && !HttpUtil.is100ContinueExpected(request);
    }

    // Responses.

    /** Writes the response to the current request, then proceeds to the next request. */
    void write(HttpExchange exchange, HttpReply reply) {
        if (exchange != current || ending) {
            return;
        }
        recordResponse(exchange, reply.status());
        if (body == Body.UNREAD && isWorthSkipping(exchange.request())) {
            body = Body.SKIPPED;
        }
        boolean keepAlive = (body == Body.DONE || body == Body.SKIPPED) && HttpUtil.isKeepAlive(exchange.request());
        FullHttpResponse response = Responses.full(exchange, reply, keepAlive, loop.date());
        if (!keepAlive) {
            current = null;
            end(response);
            return;
        }
        ChannelHandlerContext ctx = context();
        ctx.write(response, ctx.voidPromise());
        flush();
        if (body == Body.DONE) {
            awaitNextRequest();
        } else {
            drain();
        }
    }

    private void flush() {
        if (inRead) {
            flushWanted = true;
        } else {
            context().flush();
        }
    }

    private void awaitNextRequest() {
        current = null;
        setDeadline((requestBegun ? port.limits().requestTime() : port.limits().keepAliveTime()).toNanos());
        drain();
    }

    /** Answers a request that cannot be handled, then closes the connection. */
    private void reject(HttpReply problem) {
        HttpExchange exchange = current;
        current = null;
        if (exchange != null) {
            exchange.close();
        }
        recordResponse(exchange, problem.status());
        end(Responses.rejection(problem, loop.date()));
    }

    /**
     * Writes the last response and closes. Whatever the client still sends is discarded for a while: closing a socket with
     * unread bytes would reset the connection, and the client might never see the response.
     */
    private void end(FullHttpResponse last) {
        ending = true;
        releaseHeld();
        bodyReader = null;
        ChannelHandlerContext ctx = context();
        ctx.channel().config().setAutoRead(true);
        setDeadline(LINGER_NANOS);
        flushWanted = false;
        ctx.writeAndFlush(last).addListener((ChannelFutureListener) written -> {
            if (written.isSuccess()) {
                ((DuplexChannel) written.channel()).shutdownOutput();
            } else {
                written.channel().close();
            }
        });
    }

    /** Counts and logs a response. The query is not logged, since it may hold a token. */
    void recordResponse(@Nullable HttpExchange exchange, int status) {
        port.counts().answered(status);
        log.atDebug()
                .addKeyValue("peer", remoteAddress)
                .addKeyValue("method", exchange == null ? "" : exchange.method())
                .addKeyValue("path", exchange == null ? "" : exchange.path())
                .addKeyValue("status", status)
                .log("a request was answered");
    }

    // Handover.

    @Nullable
    HttpStream startStream(HttpExchange exchange, HttpReply head, int maxPendingBytes) {
        if (exchange != current || ending || body != Body.DONE) {
            return null;
        }
        ChannelHandlerContext ctx = context();
        ctx.write(Responses.streamHead(exchange, head, loop.date()), ctx.voidPromise());
        recordResponse(exchange, head.status());
        return ProtocolSwitch.toStream(this, ctx.pipeline(), head, maxPendingBytes);
    }

    void startWebSocket(
            HttpExchange exchange,
            WebSocketLimits limits,
            PortLoop target,
            Function<WebSocket, WebSocketListener> open) {
        if (exchange != current || ending) {
            return;
        }
        if (body != Body.DONE || hasHeld()) {
            reject(HttpReply.problem(400, "Nothing may follow a WebSocket handshake before its response."));
            return;
        }
        held = null;
        ProtocolSwitch.toWebSocket(this, context().pipeline(), exchange, limits, target, open);
    }

    /** Gives up the current request and everything held, when other handlers take over the channel. */
    void detach() {
        current = null;
        clearDeadline();
        releaseHeld();
    }

    void moveTo(PortLoop target) {
        loop = target;
    }

    // Deadlines.

    private void setDeadline(long nanosFromNow) {
        loop.deadlines().set(deadline, loop.nanoTime() + nanosFromNow);
    }

    void clearDeadline() {
        loop.deadlines().clear(deadline);
    }

    private void due(long now) {
        if (ending) {
            context().close();
        } else if (current != null && body == Body.DONE) {
            // The request is complete. Its response has no time limit.
            return;
        } else if (requestBegun && body != Body.SKIPPED) {
            reject(HttpReply.problem(
                    408, current == null ? "The request did not arrive in time." : "The body did not arrive in time."));
        } else {
            context().close();
        }
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(ctx);
    }

    /** Marks the place in the queue of bytes that are not HTTP. */
    private record Malformed() {}

    /** How far the body of the current request has been read. */
    private enum Body {
        /** The request has no body; its end has not been seen yet. */
        EMPTY,
        /** The request has a body that no handler has asked for. */
        UNREAD,
        READING,
        /** The request was answered without its body, which is discarded to keep the connection. */
        SKIPPED,
        DONE
    }
}
