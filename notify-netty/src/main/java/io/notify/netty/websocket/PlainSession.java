package io.notify.netty.websocket;

import io.notify.CloseReason;
import io.notify.Connection;
import io.notify.OutboundEvent;
import io.notify.Reply;
import io.notify.Transport;
import io.notify.TransportSession;
import io.notify.json.StrictJson;
import io.notify.netty.http.Deadline;
import io.notify.netty.http.WebSocket;
import io.notify.netty.http.WebSocketFrames;
import io.notify.netty.http.WebSocketListener;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client on a plain WebSocket, as a session of the core. Its frames reach the core in order. Pings detect a peer that is
 * gone. Event loop only, unless a method says otherwise.
 */
final class PlainSession implements TransportSession, WebSocketListener {
    private static final byte[] PING = WebSocketFrames.ping(new byte[0]);
    private static final int TRY_AGAIN_LATER = 1013;

    private final String id;
    private final WebSocket socket;
    private final PlainFormat format;
    private final StrictJson json;
    private final PlainWebSocketHandler.Settings settings;
    private final Deadline heartbeat = new Deadline(this::onHeartbeat);
    private @Nullable Connection connection;
    private boolean awaitingPong;
    private boolean pinged;
    private @Nullable CloseReason closing;

    PlainSession(
            String id, WebSocket socket, PlainFormat format, StrictJson json, PlainWebSocketHandler.Settings settings) {
        this.id = id;
        this.socket = socket;
        this.format = format;
        this.json = json;
        this.settings = settings;
    }

    void start(Connection opened) {
        if (!socket.isOpen()) {
            opened.closed(closing);
            return;
        }
        connection = opened;
        setHeartbeat(settings.pingInterval().toNanos());
    }

    // Called by the core.

    @Override
    public String id() {
        return id;
    }

    @Override
    public Transport transport() {
        return Transport.PLAIN_WEBSOCKET;
    }

    @Override
    public boolean offer(OutboundEvent event) {
        return socket.isOpen() && send(event.encoded(format), event.volatileDelivery(), true);
    }

    private boolean send(byte[] frame, boolean droppable, boolean shared) {
        if (droppable && !socket.outbound().hasRoom(frame.length + settings.maxPendingBytes() / 2)) {
            return false;
        }
        boolean accepted = shared
                ? socket.outbound().offerShared(frame)
                : socket.outbound().offer(frame);
        if (!accepted && !droppable) {
            close(CloseReason.TOO_SLOW);
        }
        return accepted;
    }

    @Override
    public boolean hasRoom(int bytes) {
        return socket.outbound().pendingBytes() == 0
                || socket.outbound().hasRoom(bytes + settings.maxPendingBytes() / 2);
    }

    @Override
    public void flush() {
        socket.outbound().flush();
    }

    @Override
    public void close(CloseReason reason) {
        int code = switch (reason) {
            case TOKEN_EXPIRED, RATE_LIMITED -> WebSocket.POLICY;
            case TOO_SLOW, LOG_UNAVAILABLE -> TRY_AGAIN_LATER;
            case DISCONNECTED -> WebSocket.NORMAL;
            case SHUTDOWN -> WebSocket.GOING_AWAY;
        };
        socket.loop().run(() -> {
            if (closing == null) {
                closing = reason;
            }
            socket.close(code, reason.name());
        });
    }

    // Called by the WebSocket.

    @Override
    public void onText(String text) {
        Connection receiver = connection;
        if (receiver == null) {
            return;
        }
        Optional<PlainFrame> frame = PlainFrame.read(json, text);
        if (frame.isPresent()) {
            receiver.receive(
                    frame.get().event(),
                    frame.get().data(),
                    new PlainReply(frame.get().event(), frame.get().ack()));
        } else {
            receiver.receiveMalformed(new PlainReply("", null));
        }
    }

    @Override
    public void onBinary(byte[] bytes) {
        if (connection != null) {
            connection.receiveMalformed(new PlainReply("", null));
        }
    }

    @Override
    public void onPong() {
        awaitingPong = false;
    }

    @Override
    public void onClose(int code) {
        socket.loop().deadlines().clear(heartbeat);
        Connection ended = connection;
        connection = null;
        if (ended != null) {
            ended.closed(closing);
        }
    }

    /** Sends a ping after each interval, and checks for its pong after the timeout. */
    private void onHeartbeat(long now) {
        if (awaitingPong) {
            socket.abort();
        } else if (pinged) {
            pinged = false;
            setHeartbeat(settings.pingInterval().toNanos());
        } else {
            pinged = true;
            awaitingPong = true;
            if (send(PING, true, false)) {
                flush();
            }
            setHeartbeat(settings.pingTimeout().toNanos());
        }
    }

    private void setHeartbeat(long nanosFromNow) {
        socket.loop().deadlines().set(heartbeat, socket.loop().nanoTime() + nanosFromNow);
    }

    /** Replies to one frame, and repeats its {@code ack}. */
    private final class PlainReply implements Reply {
        private final String request;
        private final @Nullable String ack;

        PlainReply(String request, @Nullable String ack) {
            this.request = request;
            this.ack = ack;
        }

        @Override
        public void event(OutboundEvent answer) {
            write(ack == null ? format.encode(answer) : PlainFormat.answer(answer, ack));
        }

        @Override
        public void acknowledge(byte[] json) {
            if (ack != null) {
                write(PlainFormat.acknowledgement(request, json, ack));
            }
        }

        private void write(byte[] frame) {
            if (socket.isOpen() && send(frame, false, false)) {
                flush();
            }
        }
    }
}
