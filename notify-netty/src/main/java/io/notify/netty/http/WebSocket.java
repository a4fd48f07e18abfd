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
 * One WebSocket after its handshake; its listener hears whole, valid messages in order and its end once. Internal to
 * notify-netty. Event loop only.
 *
 * <p>To send, make a frame with {@link WebSocketFrames} and offer it to {@link #outbound()}. Pings of the peer are
 * answered here.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails says so by channelInactive
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
    /** Of the message coming in; then of the closing handshake. */
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
     * Closes after what was offered so far: says so to the peer, then waits up to three seconds for it to agree. Doing it
     * again does nothing.
     *
     * @param code 1000 to 4999
     * @param reason for logs at the other end; at most 123 bytes of it are sent
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
        tellClosed(code);
    }

    /** Drops the connection without a word. */
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
            // Closed while opening, when there was nobody to tell.
            tellClosed(NORMAL);
        }
    }

    /** Part of a frame or the first fragment of a message came in. */
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
            controlFrameCame();
            if (outbound().offer(WebSocketFrames.pong(ByteBufUtil.getBytes(frame.content())))) {
                outbound().flush();
            }
        } else if (frame instanceof PongWebSocketFrame) {
            controlFrameCame();
            Objects.requireNonNull(listener).onPong();
        } else {
            receiveData(frame);
        }
    }

    /** It came in pieces, perhaps, and was taken for the beginning of a message; a message under way keeps its time. */
    private void controlFrameCame() {
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
                close(TOO_BIG, "message is more than " + limits.maxMessageBytes() + " bytes");
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
        WebSocketListener hearer = Objects.requireNonNull(listener);
        if (!text) {
            hearer.onBinary(message);
            return;
        }
        String decoded = decode(message);
        if (decoded == null) {
            close(INVALID_PAYLOAD, "text is not UTF-8");
        } else {
            hearer.onText(decoded);
        }
    }

    private static @Nullable String decode(byte[] utf8) {
        String decoded = new String(utf8, StandardCharsets.UTF_8);
        if (decoded.indexOf('\uFFFD') < 0) {
            return decoded;
        }
        // A replacement character stands for malformed bytes, or for itself.
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
            tellClosed(code);
        }
        channel.close();
    }

    private void tellClosed(int code) {
        WebSocketListener hearer = listener;
        if (hearer != null) {
            listener = null;
            hearer.onClose(code);
        }
    }

    /** The end of the pipeline. */
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
            tellClosed(ABNORMAL);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof CorruptedWebSocketFrameException corrupted && state == State.OPEN) {
                close(corrupted.closeStatus().code(), Objects.requireNonNullElse(corrupted.getMessage(), ""));
            } else {
                if (!(cause instanceof IOException)) {
                    log.warn("Closed {} after an unexpected failure", channel.remoteAddress(), cause);
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
