package io.notify.netty.engineio;

import io.notify.netty.http.Backlogs;
import io.notify.netty.http.Deadline;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import io.notify.netty.http.PortLoop;
import io.notify.netty.http.WebSocket;
import io.notify.netty.http.WebSocketListener;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Engine.IO session: its messages go both ways in order, none lost or doubled, whatever carries them, until it ends
 * once. Internal to notify-netty.
 *
 * <p>Belongs to one event loop, its {@link #loop}; every method is called there unless it says otherwise. None blocks, and
 * none throws when the client is gone.
 */
public final class EngineSession implements Backlogs.Backlog {
    private static final Logger log = LoggerFactory.getLogger(EngineSession.class);
    /** For a client that polls to fetch the close packet. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** For a poll that was sent together with the push of a close packet, on another connection. */
    private static final long LATE_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EngineEndpoint endpoint;
    private final String sid;
    private final PortLoop loop;
    private final Deadline deadline = new Deadline(this::due);
    /** Set once, before the client knows the session; read by other event loops, which admit requests. */
    private volatile @Nullable EngineListener listener;

    private State state = State.OPEN;

    /** Until the upgrade. Read by other event loops, which begin a push. */
    private volatile @Nullable Polling polling;

    private boolean pollFlushScheduled;
    /** Whose limit of polling sessions it counts against; null if it is on a WebSocket. */
    private @Nullable InetAddress pollsFrom;
    /** The push that closed the session, answered when its poll has come or is late. */
    private @Nullable HttpExchange closingPush;

    private @Nullable WebSocket socket;
    private @Nullable WebSocket probe;
    private boolean probed;
    private long probeUntil;

    private long pingDue;
    private boolean awaitsPong;
    private boolean wakes;
    private long wakeAt;

    EngineSession(EngineEndpoint endpoint, String sid, PortLoop loop) {
        this.endpoint = endpoint;
        this.sid = sid;
        this.loop = loop;
        pingDue = loop.nanoTime() + endpoint.pingIntervalNanos();
    }

    /** Engine.IO's session id; a secret between client and server. Any thread. */
    public String sid() {
        return sid;
    }

    /** The event loop that owns the session, for good. Any thread. */
    public PortLoop loop() {
        return loop;
    }

    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether it is on a WebSocket, from the start or by now; else it polls. */
    public boolean isWebSocket() {
        return socket != null;
    }

    /**
     * Takes a packet, to be handed to the network at the end of the event loop's task or by {@link #flush}.
     *
     * @return false if it was not taken: the session is over, or would have more than its bound pending
     */
    public boolean offer(EncodedPacket packet) {
        if (state != State.OPEN) {
            return false;
        }
        WebSocket carrier = socket;
        return carrier == null ? queue(packet) : carrier.outbound().offer(packet.frame());
    }

    /**
     * As {@link #offer}, for a packet that many sessions of this event loop are offered within the same task: it is copied
     * to the network's memory once for all of them.
     */
    public boolean offerShared(EncodedPacket packet) {
        if (state != State.OPEN) {
            return false;
        }
        WebSocket carrier = socket;
        return carrier == null ? queue(packet) : carrier.outbound().offerShared(packet.frame());
    }

    /** Hands what was offered to the network now. */
    public void flush() {
        WebSocket carrier = socket;
        if (carrier != null) {
            carrier.outbound().flush();
        } else {
            flushPoll();
        }
    }

    /** Bytes taken that the network has not. */
    @Override
    public long pendingBytes() {
        WebSocket carrier = socket;
        if (carrier != null) {
            return carrier.outbound().pendingBytes();
        }
        Polling queue = polling;
        return queue == null || state == State.CLOSED ? 0 : queue.queuedBytes();
    }

    /** Calls {@link EngineListener#onWake} once at a value of the loop's nano clock; a new call replaces the last. */
    public void wakeAt(long nanos) {
        wakes = true;
        wakeAt = nanos;
        schedule();
    }

    /** Takes {@link #wakeAt} back. */
    public void doNotWake() {
        wakes = false;
    }

    /**
     * Ends the session after what was offered so far. Any thread; doing it again does nothing. Clients take it for a lost
     * connection and come back by themselves.
     */
    public void close() {
        loop.run(() -> {
            Polling queue = polling;
            if (state == State.OPEN && queue != null && socket == null) {
                queue.force(EncodedPacket.CLOSE);
                if (queue.isParked()) {
                    queue.flush();
                }
                if (queue.isEmpty()) {
                    end(EngineCloseReason.FORCED_CLOSE);
                } else {
                    linger(LINGER_NANOS, EngineCloseReason.FORCED_CLOSE);
                }
            } else {
                end(EngineCloseReason.FORCED_CLOSE);
            }
        });
    }

    /** The same at once, as of a client that sent nonsense. */
    public void closeMalformed() {
        end(EngineCloseReason.PARSE_ERROR);
    }

    @Nullable
    Polling polling() {
        return polling;
    }

    EngineListener listener() {
        EngineListener known = listener;
        if (known == null) {
            throw new IllegalStateException("session is used before it was opened");
        }
        return known;
    }

    /** Ends it without lingering. */
    void drop() {
        end(EngineCloseReason.FORCED_CLOSE);
    }

    // Opening.

    void openPolling(HttpExchange exchange, EngineHandshake handshake) {
        Polling queue = new Polling(endpoint.settings());
        polling = queue;
        pollsFrom = exchange.remoteAddress().getAddress();
        queue.force(OpenPacket.of(sid, false, endpoint.settings()));
        queue.park(exchange);
        open(handshake);
        queue.flush();
    }

    WebSocketListener openWebSocket(WebSocket carrier, EngineHandshake handshake) {
        socket = carrier;
        carrier.outbound().offer(OpenPacket.of(sid, true, endpoint.settings()).frame());
        carrier.outbound().flush();
        open(handshake);
        return new Carrier(carrier);
    }

    private void open(EngineHandshake handshake) {
        listener = endpoint.application().open(this, handshake);
        if (state == State.OPEN) {
            schedule();
        }
    }

    // Requests of a session that polls, already admitted.

    void poll(HttpExchange exchange) {
        Polling queue = polling;
        if (expired(loop.nanoTime())) {
            endpoint.refuse(exchange, EngineError.SESSION_UNKNOWN);
        } else if (queue == null) {
            endpoint.refuse(exchange, EngineError.BAD_REQUEST);
        } else if (state == State.LINGERING) {
            queue.park(exchange);
            queue.flush();
            if (queue.isEmpty()) {
                forget();
            }
        } else if (queue.isParked()) {
            queue.release(EncodedPacket.CLOSE);
            endpoint.refuse(exchange, EngineError.BAD_REQUEST);
            end(EngineCloseReason.TRANSPORT_ERROR);
        } else {
            queue.park(exchange);
            queue.flush();
            if (probed) {
                queue.release(EncodedPacket.NOOP);
            }
        }
    }

    /** A poll ended without an answer: what it would have carried is lost, so the session is. */
    void pollGone(HttpExchange exchange) {
        Polling queue = polling;
        if (queue != null && queue.isPoll(exchange)) {
            end(EngineCloseReason.TRANSPORT_CLOSE);
        }
    }

    void push(HttpExchange exchange, byte[] body) {
        Polling queue = polling;
        if (expired(loop.nanoTime()) || state != State.OPEN) {
            endpoint.refuse(exchange, EngineError.SESSION_UNKNOWN);
            return;
        }
        if (queue == null) {
            endpoint.refuse(exchange, EngineError.BAD_REQUEST);
            return;
        }
        try {
            for (EnginePacket packet : EnginePayload.decodeBody(body)) {
                if (state != State.OPEN) {
                    break;
                }
                if (packet instanceof EnginePacket.Text text && text.type() == EnginePacket.Type.CLOSE) {
                    closeByPush(queue, exchange);
                    return;
                }
                receive(packet);
            }
            queue.endPush();
            ok(exchange);
        } catch (MalformedPacketException malformed) {
            log.debug("Session closed: {}", malformed.getMessage());
            endpoint.refuse(exchange, EngineError.BAD_REQUEST);
            end(EngineCloseReason.PARSE_ERROR);
        }
    }

    /** A push that breaks a rule, or ended before its body did. */
    void pushFailed(HttpExchange exchange) {
        endpoint.refuse(exchange, EngineError.BAD_REQUEST);
        end(EngineCloseReason.TRANSPORT_ERROR);
    }

    /**
     * The client's poll, if it has one, is answered with a noop. It may have been sent before this push on another
     * connection and yet come in after it, so the push is answered a little later if there is none.
     */
    private void closeByPush(Polling queue, HttpExchange exchange) {
        if (queue.isParked()) {
            queue.release(EncodedPacket.NOOP);
            ok(exchange);
            end(EngineCloseReason.TRANSPORT_CLOSE);
        } else {
            queue.drainFrames();
            queue.force(EncodedPacket.NOOP);
            closingPush = exchange;
            linger(LATE_POLL_NANOS, EngineCloseReason.TRANSPORT_CLOSE);
        }
    }

    // The upgrade.

    /** A WebSocket was accepted for this session; it may be one too many. */
    WebSocketListener upgrade(WebSocket carrier) {
        if (expired(loop.nanoTime()) || state != State.OPEN || polling == null || probe != null) {
            carrier.close(WebSocket.POLICY, "session cannot be upgraded");
        } else {
            probe = carrier;
            probeUntil = loop.nanoTime() + endpoint.upgradeTimeoutNanos();
            schedule();
        }
        return new Carrier(carrier);
    }

    private void receiveProbe(WebSocket carrier, String frame) {
        Polling queue = polling;
        if (queue == null) {
            return;
        }
        if (frame.equals("2probe")) {
            probed = true;
            carrier.outbound().offer(EncodedPacket.PROBE_PONG.frame());
            carrier.outbound().flush();
            // The client pauses its polling, and goes on when no poll is pending.
            queue.release(EncodedPacket.NOOP);
        } else if (frame.equals("5") && probed) {
            probe = null;
            probed = false;
            queue.release(EncodedPacket.NOOP);
            socket = carrier;
            polling = null;
            pollsNoMore();
            if (!queue.isEmpty() && !carrier.outbound().offer(queue.drainFrames())) {
                end(EngineCloseReason.TRANSPORT_ERROR);
                return;
            }
            carrier.outbound().flush();
            schedule();
            listener().onUpgrade();
        } else {
            dropProbe(WebSocket.PROTOCOL_ERROR, "no probe");
        }
    }

    private void dropProbe(int code, String reason) {
        WebSocket dropped = probe;
        if (dropped != null) {
            probe = null;
            probed = false;
            dropped.close(code, reason);
        }
    }

    // Packets in.

    private void receive(EnginePacket packet) throws MalformedPacketException {
        if (packet instanceof EnginePacket.Binary binary) {
            deliver(binary.data());
            return;
        }
        EnginePacket.Text text = (EnginePacket.Text) packet;
        switch (text.type()) {
            case MESSAGE -> deliver(text.data());
            case PONG -> {
                if (awaitsPong) {
                    awaitsPong = false;
                    pingDue = loop.nanoTime() + endpoint.pingIntervalNanos();
                    schedule();
                }
            }
            case CLOSE -> end(EngineCloseReason.TRANSPORT_CLOSE);
            case NOOP -> {}
            case OPEN, PING, UPGRADE ->
                throw new MalformedPacketException("packet type is " + text.type() + " (expected: a client's)");
        }
    }

    private void deliver(String text) throws MalformedPacketException {
        try {
            listener().onText(text);
        } catch (RuntimeException failure) {
            log.error("A listener failed at a message", failure);
        }
    }

    private void deliver(byte[] bytes) throws MalformedPacketException {
        try {
            listener().onBinary(bytes);
        } catch (RuntimeException failure) {
            log.error("A listener failed at a binary message", failure);
        }
    }

    private void receiveFrame(String frame) {
        if (expired(loop.nanoTime())) {
            return;
        }
        try {
            receive(EnginePayload.decodeFrame(frame));
        } catch (MalformedPacketException malformed) {
            log.debug("Session closed: {}", malformed.getMessage());
            end(EngineCloseReason.PARSE_ERROR);
        }
    }

    private void receiveBinary(byte[] bytes) {
        if (expired(loop.nanoTime())) {
            return;
        }
        try {
            deliver(bytes);
        } catch (MalformedPacketException malformed) {
            log.debug("Session closed: {}", malformed.getMessage());
            end(EngineCloseReason.PARSE_ERROR);
        }
    }

    // Packets out.

    private boolean queue(EncodedPacket packet) {
        Polling queue = polling;
        if (queue == null || !loop.backlogs().bear(this, packet.length(), queue.bound()) || !queue.offer(packet)) {
            return false;
        }
        if (queue.isParked() && !pollFlushScheduled) {
            pollFlushScheduled = true;
            loop.execute(this::flushPoll);
        }
        return true;
    }

    private void flushPoll() {
        pollFlushScheduled = false;
        Polling queue = polling;
        if (queue != null && state == State.OPEN) {
            queue.flush();
        }
    }

    // Time.

    private void schedule() {
        if (state != State.OPEN) {
            return;
        }
        long next = awaitsPong ? pongUntil() : pingDue;
        if (probe != null && probeUntil - next < 0) {
            next = probeUntil;
        }
        if (wakes && wakeAt - next < 0) {
            next = wakeAt;
        }
        loop.deadlines().set(deadline, next);
    }

    /** Counted from when the ping was due, so that the moment is exact whenever the sweep came by. */
    private long pongUntil() {
        return pingDue + endpoint.pingTimeoutNanos();
    }

    /** Ends a session whose time is over, though the sweep has not seen it yet, and sends a ping that is due. */
    private boolean expired(long now) {
        if (state == State.CLOSED) {
            return true;
        }
        if (state == State.LINGERING) {
            return false;
        }
        if (now - pongUntil() >= 0) {
            end(EngineCloseReason.PING_TIMEOUT);
            return true;
        }
        if (!awaitsPong && now - pingDue >= 0) {
            ping();
        }
        return false;
    }

    private void ping() {
        awaitsPong = true;
        // Not taken by a client that is far behind: then it is judged by the pong it does not send.
        offer(EncodedPacket.PING);
        schedule();
    }

    private void due(long now) {
        if (state != State.OPEN) {
            forget();
            return;
        }
        if (probe != null && now - probeUntil >= 0) {
            dropProbe(WebSocket.POLICY, "upgrade took too long");
        }
        if (wakes && now - wakeAt >= 0) {
            wakes = false;
            listener().onWake();
        }
        if (state == State.OPEN) {
            if (now - pongUntil() >= 0) {
                end(EngineCloseReason.PING_TIMEOUT);
            } else if (!awaitsPong && now - pingDue >= 0) {
                ping();
            } else {
                schedule();
            }
        }
    }

    // The end.

    private void linger(long nanos, EngineCloseReason reason) {
        state = State.LINGERING;
        dropProbe(WebSocket.NORMAL, "session closed");
        loop.deadlines().set(deadline, loop.nanoTime() + nanos);
        listener().onClose(reason);
    }

    private void end(EngineCloseReason reason) {
        if (state == State.CLOSED) {
            return;
        }
        boolean told = state == State.LINGERING;
        forget();
        Polling queue = polling;
        if (queue != null) {
            queue.release(EncodedPacket.CLOSE);
        }
        dropProbe(WebSocket.NORMAL, "session closed");
        WebSocket carrier = socket;
        if (carrier != null) {
            carrier.close(
                    reason == EngineCloseReason.PARSE_ERROR ? WebSocket.PROTOCOL_ERROR : WebSocket.NORMAL,
                    reason.text());
        }
        EngineListener hearer = listener;
        if (!told && hearer != null) {
            hearer.onClose(reason);
        }
    }

    private void forget() {
        state = State.CLOSED;
        endpoint.forget(this);
        pollsNoMore();
        loop.deadlines().clear(deadline);
        HttpExchange push = closingPush;
        if (push != null) {
            closingPush = null;
            ok(push);
        }
    }

    private void pollsNoMore() {
        InetAddress address = pollsFrom;
        if (address != null) {
            pollsFrom = null;
            endpoint.pollsNoMore(address);
        }
    }

    private static void ok(HttpExchange exchange) {
        exchange.reply(HttpReply.text(200, "ok"));
    }

    /** Tells apart the WebSocket that carries the session, the one that would like to, and any other. */
    private final class Carrier implements WebSocketListener {
        private final WebSocket carrier;

        Carrier(WebSocket carrier) {
            this.carrier = carrier;
        }

        @Override
        public void onText(String text) {
            if (socket == carrier) {
                receiveFrame(text);
            } else if (probe == carrier) {
                receiveProbe(carrier, text);
            }
        }

        @Override
        public void onBinary(byte[] bytes) {
            if (socket == carrier) {
                receiveBinary(bytes);
            } else if (probe == carrier) {
                dropProbe(WebSocket.PROTOCOL_ERROR, "no probe");
            }
        }

        @Override
        public void onClose(int code) {
            if (socket == carrier) {
                end(EngineCloseReason.TRANSPORT_CLOSE);
            } else if (probe == carrier) {
                probe = null;
                probed = false;
            }
        }
    }

    private enum State {
        OPEN,
        /** Over for the application; the client is still to be told. */
        LINGERING,
        CLOSED
    }
}
