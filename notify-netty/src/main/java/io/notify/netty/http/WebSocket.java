package io.notify.netty.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket after its handshake. Its listener gets complete, valid messages in order, and the end once. Internal to
 * notify-netty. Event loop only.
 *
 * <p>To send a message, offer a frame of {@link WebSocketFrames} to {@link #outbound()}. Pings of the peer are answered
 * here.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failing channel reports it by channelInactive
public final class WebSocket {
    private static final Logger log = LoggerFactory.getLogger(WebSocket.class);

    public static final int NORMAL = 1000;
    public static final int GOING_AWAY = 1001;
    public static final int PROTOCOL_ERROR = 1002;
    public static final int ABNORMAL = 1006;
    public static final int INVALID_PAYLOAD = 1007;
    public static final int POLICY = 1008;

    private static final int TOO_BIG = 1009;
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Channel channel;
    private final WebSocketLimits limits;
    private @Nullable Outbound outbound;
    private @Nullable WebSocketListener listener;
    private State state = State.OPEN;
    /** For the current message to arrive, and later for the closing handshake. */
    private @Nullable Deadline deadline;

    private @Nullable ByteArrayOutputStream fragments;
    private int fragmentCount;
    private boolean fragmentsAreText;

    WebSocket(Channel channel, WebSocketLimits limits) {
        this.channel = channel;
        this.limits = limits;
    }

    public Outbound outbound() {
        return Objects.requireNonNull(outbound);
    }

    public PortLoop loop() {
        return outbound().loop();
    }

    public boolean isOpen() {
        return state == State.OPEN;
    }

    /**
     * Starts the closing handshake after the bytes offered so far. The connection is closed when the peer answers, but no
     * later than after three seconds. A second call does nothing.
     *
     * @param code 1000 to 4999
     * @param reason for the logs of the peer; truncated to 123 bytes
     */
    public void close(int code, String reason) {
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSING;
        outbound().force(WebSocketFrames.close(code, reason));
        outbound().flush();
        fragments = null;
        setDeadline(CLOSE_NANOS);
        notifyClosed(code);
    }

    /** Closes the connection without a closing handshake. */
    public void abort() {
        channel.close();
    }

    ChannelInboundHandlerAdapter handler() {
        return new Inbound();
    }

    void start(Outbound out, Function<WebSocket, WebSocketListener> open) {
        outbound = out;
        listener = open.apply(this);
        if (state != State.OPEN) {
            // It was closed while opening, before there was a listener.
            notifyClosed(NORMAL);
        }
    }

    /** Called when part of a frame, or the first fragment of a message, has arrived. */
    void messageBegins() {
        if (state == State.OPEN && (deadline == null || !deadline.isSet())) {
            setDeadline(limits.messageTime().toNanos());
        }
    }

    private void setDeadline(long nanosFromNow) {
        if (deadline == null) {
            deadline = new Deadline(now -> due());
        }
        loop().deadlines().set(deadline, loop().nanoTime() + nanosFromNow);
    }

    private void clearDeadline() {
        if (deadline != null) {
            loop().deadlines().clear(deadline);
            deadline = null;
        }
    }

    private void due() {
        if (state == State.OPEN) {
            close(POLICY, "message took too long");
        } else {
            channel.close();
        }
    }

    private void receive(WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            receiveClose(close);
        } else if (state != State.OPEN) {
            return;
        } else if (frame instanceof PingWebSocketFrame) {
            controlFrameArrived();
            if (outbound().offer(WebSocketFrames.pong(ByteBufUtil.getBytes(frame.content())))) {
                outbound().flush();
            }
        } else if (frame instanceof PongWebSocketFrame) {
            controlFrameArrived();
            Objects.requireNonNull(listener).onPong();
        } else {
            receiveData(frame);
        }
    }

    /**
     * Clears the deadline that the first bytes of a control frame may have set. The deadline of a fragmented message stays.
     */
    private void controlFrameArrived() {
        if (fragments == null) {
            clearDeadline();
        }
    }

    private void receiveData(WebSocketFrame frame) {
        ByteBuf content = frame.content();
        if (frame instanceof ContinuationWebSocketFrame || !frame.isFinalFragment()) {
            if (fragments == null) {
                fragments = new ByteArrayOutputStream(content.readableBytes());
                fragmentCount = 0;
                fragmentsAreText = frame instanceof TextWebSocketFrame;
            }
            if (++fragmentCount > limits.maxFragments()) {
                close(POLICY, "more than " + limits.maxFragments() + " fragments");
                return;
            }
            if (fragments.size() + content.readableBytes() > limits.maxMessageBytes()) {
                close(TOO_BIG, "message exceeds " + limits.maxMessageBytes() + " bytes");
                return;
            }
            fragments.writeBytes(ByteBufUtil.getBytes(content));
            if (!frame.isFinalFragment()) {
                messageBegins();
                return;
            }
            byte[] message = fragments.toByteArray();
            fragments = null;
            deliver(fragmentsAreText, message);
        } else {
            deliver(frame instanceof TextWebSocketFrame, ByteBufUtil.getBytes(content));
        }
    }

    private void deliver(boolean text, byte[] message) {
        clearDeadline();
        WebSocketListener receiver = Objects.requireNonNull(listener);
        if (!text) {
            receiver.onBinary(message);
            return;
        }
        String decoded = decode(message);
        if (decoded == null) {
            close(INVALID_PAYLOAD, "text is not UTF-8");
        } else {
            receiver.onText(decoded);
        }
    }

    private static @Nullable String decode(byte[] utf8) {
        String decoded = new String(utf8, StandardCharsets.UTF_8);
        if (decoded.indexOf('\uFFFD') < 0) {
            return decoded;
        }
        // The replacement character results from malformed bytes, or was sent as such.
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }

    private void receiveClose(CloseWebSocketFrame close) {
        int code = close.statusCode() < 0 ? NORMAL : close.statusCode();
        if (state == State.OPEN) {
            state = State.CLOSING;
            outbound().force(WebSocketFrames.close(code, ""));
            outbound().flush();
            notifyClosed(code);
        }
        channel.close();
    }

    private void notifyClosed(int code) {
        WebSocketListener receiver = listener;
        if (receiver != null) {
            listener = null;
            receiver.onClose(code);
        }
    }

    /** The last handler of the pipeline. */
    private final class Inbound extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (message instanceof WebSocketFrame frame) {
                    receive(frame);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            state = State.CLOSED;
            fragments = null;
            clearDeadline();
            notifyClosed(ABNORMAL);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof CorruptedWebSocketFrameException corrupted && state == State.OPEN) {
                close(corrupted.closeStatus().code(), Objects.requireNonNullElse(corrupted.getMessage(), ""));
            } else {
                if (!(cause instanceof IOException)) {
                    log.warn("closed {} after an unexpected failure", channel.remoteAddress(), cause);
                }
                channel.close();
            }
        }
    }

    private enum State {
        OPEN,
        CLOSING,
        CLOSED
    }
}
