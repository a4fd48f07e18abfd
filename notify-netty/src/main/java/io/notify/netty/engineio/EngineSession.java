package io.notify.netty.engineio;

import io.notify.netty.http.Backlogs;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.PortLoop;
import io.notify.netty.http.WebSocket;
import io.notify.netty.http.WebSocketListener;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Engine.IO session. Messages arrive in order in both directions, none lost or duplicated, whether polling or a
 * WebSocket carries them; the session ends once. Internal to notify-netty.
 *
 * <p>A session belongs to one event loop, its {@link #loop}. Methods are called there unless they say otherwise. They do
 * not block, and they do not throw if the client is gone.
 */
public final class EngineSession implements Backlogs.Backlog {
    private static final Logger log = LoggerFactory.getLogger(EngineSession.class);

    /** How long a session that is over waits for the client to poll its close packet. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    // Any thread.

    private final EngineEndpoint endpoint;
    private final String sid;
    private final PortLoop loop;
    /** Set once, before the client knows the session. */
    private volatile @Nullable EngineListener listener;

    /** Null on a WebSocket. */
    private volatile @Nullable Polling polling;

    // The session's event loop only.

    private final SessionClock clock;
    private State state = State.OPEN;
    private @Nullable WebSocket socket;
    private @Nullable UpgradeProbe probe;

    EngineSession(EngineEndpoint endpoint, String sid, PortLoop loop) {
        this.endpoint = endpoint;
        this.sid = sid;
        this.loop = loop;
        clock = new SessionClock(this, loop.nanoTime() + endpoint.pingIntervalNanos());
    }

    /** Engine.IO's session id, a secret shared by client and server. Any thread. */
    public String sid() {
        return sid;
    }

    /** The event loop that owns the session; it never changes. Any thread. */
    public PortLoop loop() {
        return loop;
    }

    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether a WebSocket carries the session, from the start or after an upgrade; otherwise it polls. */
    public boolean isWebSocket() {
        return socket != null;
    }

    // Sending.

    /**
     * Queues a packet. It is sent at the end of the event loop's current task, or by {@link #flush}.
     *
     * @return false if the packet was rejected: the session is over, or its limit of pending bytes would be exceeded
     */
    public boolean offer(EncodedPacket packet) {
        if (state != State.OPEN) {
            return false;
        }
        WebSocket carrier = socket;
        return carrier == null ? queue(packet) : carrier.outbound().offer(packet.frame());
    }

    /**
     * Like {@link #offer}, for a packet that is offered to many sessions of this event loop within the same task. It is
     * copied to direct memory once for all of them.
     */
    public boolean offerShared(EncodedPacket packet) {
        if (state != State.OPEN) {
            return false;
        }
        WebSocket carrier = socket;
        return carrier == null ? queue(packet) : carrier.outbound().offerShared(packet.frame());
    }

    /** Sends the queued packets now. */
    public void flush() {
        WebSocket carrier = socket;
        if (carrier != null) {
            carrier.outbound().flush();
        } else {
            flushPoll();
        }
    }

    /** Bytes accepted and not yet taken by the network. */
    @Override
    public long pendingBytes() {
        WebSocket carrier = socket;
        if (carrier != null) {
            return carrier.outbound().pendingBytes();
        }
        Polling queue = polling;
        return queue == null || state == State.CLOSED ? 0 : queue.queuedBytes();
    }

    private boolean queue(EncodedPacket packet) {
        Polling queue = polling;
        if (queue == null
                || !loop.backlogs().tryReserve(this, packet.length(), queue.maxPendingBytes())
                || !queue.offer(packet)) {
            return false;
        }
        if (queue.claimFlush()) {
            loop.execute(this::flushPoll);
        }
        return true;
    }

    private void flushPoll() {
        Polling queue = polling;
        if (queue != null && state == State.OPEN) {
            queue.flush();
        }
    }

    /** Answers the pending poll, if any, with one packet. */
    void releasePoll(EncodedPacket packet) {
        Polling queue = polling;
        if (queue != null) {
            queue.release(packet);
        }
    }

    // Receiving.

    void receive(EnginePacket packet) throws MalformedPacketException {
        if (packet instanceof EnginePacket.Binary binary) {
            deliver(binary.data());
            return;
        }
        EnginePacket.Text text = (EnginePacket.Text) packet;
        switch (text.type()) {
            case MESSAGE -> deliver(text.data());
            case PONG -> clock.pong();
            case CLOSE -> end(EngineCloseReason.TRANSPORT_CLOSE);
            case NOOP -> {}
            case OPEN, PING, UPGRADE ->
                throw new MalformedPacketException(
                        "packet type: " + text.type() + " (expected: a type that clients send)");
        }
    }

    void receiveText(String frame) {
        if (checkExpired()) {
            return;
        }
        try {
            receive(EnginePayload.decodeFrame(frame));
        } catch (MalformedPacketException malformed) {
            log.debug("closed session: {}", malformed.getMessage());
            end(EngineCloseReason.PARSE_ERROR);
        }
    }

    void receiveBinary(byte[] bytes) {
        if (checkExpired()) {
            return;
        }
        try {
            deliver(bytes);
        } catch (MalformedPacketException malformed) {
            log.debug("closed session: {}", malformed.getMessage());
            end(EngineCloseReason.PARSE_ERROR);
        }
    }

    private void deliver(String text) throws MalformedPacketException {
        try {
            listener().onText(text);
        } catch (RuntimeException failure) {
            log.error("listener failed on a text message", failure);
        }
    }

    private void deliver(byte[] bytes) throws MalformedPacketException {
        try {
            listener().onBinary(bytes);
        } catch (RuntimeException failure) {
            log.error("listener failed on a binary message", failure);
        }
    }

    // Opening and upgrading.

    void openPolling(HttpExchange exchange, EngineHandshake handshake) {
        Polling queue =
                new Polling(endpoint.settings(), exchange.remoteAddress().getAddress());
        polling = queue;
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
        return new WebSocketCarrier(this, carrier);
    }

    private void open(EngineHandshake handshake) {
        listener = endpoint.application().open(this, handshake);
        clock.schedule();
    }

    /** Begins to probe a WebSocket that was accepted for this session, or closes it if there is nothing to upgrade. */
    WebSocketListener upgrade(WebSocket candidate) {
        if (checkExpired() || state != State.OPEN || polling == null || probe != null) {
            candidate.close(WebSocket.POLICY, "session cannot be upgraded");
        } else {
            probe = new UpgradeProbe(this, candidate, loop.nanoTime() + endpoint.upgradeTimeoutNanos());
            clock.schedule();
        }
        return new WebSocketCarrier(this, candidate);
    }

    void completeUpgrade(WebSocket carrier) {
        Polling queue = polling;
        if (queue == null) {
            return;
        }
        probe = null;
        queue.release(EncodedPacket.NOOP);
        socket = carrier;
        polling = null;
        releaseCountedAddress(queue);
        if (!queue.isEmpty() && !carrier.outbound().offer(queue.drainFrames())) {
            end(EngineCloseReason.TRANSPORT_ERROR);
            return;
        }
        carrier.outbound().flush();
        clock.schedule();
        listener().onUpgrade();
    }

    void dropProbe(int code, String reason) {
        UpgradeProbe dropped = probe;
        if (dropped != null) {
            probe = null;
            dropped.socket().close(code, reason);
        }
    }

    void forgetProbe() {
        probe = null;
    }

    // Time.

    /** Calls {@link EngineListener#onWake} once, at a value of the loop's nano clock. Replaces an earlier call. */
    public void wakeAt(long nanos) {
        clock.wakeAt(nanos);
    }

    /** Cancels {@link #wakeAt}. */
    public void cancelWake() {
        clock.cancelWake();
    }

    /**
     * Returns whether the session is closed. Ends it first if its pong is overdue, though the deadline has not been met
     * yet, and pings the client if that is due.
     */
    boolean checkExpired() {
        return state == State.CLOSED || (state == State.OPEN && clock.checkPing(loop.nanoTime()));
    }

    // Ending.

    /**
     * Ends the session after the packets offered so far. Any thread; a second call does nothing. Clients treat it as a lost
     * connection and reconnect.
     */
    public void close() {
        loop.run(() -> {
            Polling queue = polling;
            if (state == State.OPEN && queue != null) {
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

    /** Ends the session at once because the client sent malformed data. */
    public void closeMalformed() {
        end(EngineCloseReason.PARSE_ERROR);
    }

    /** Ends the session without lingering. */
    void drop() {
        end(EngineCloseReason.FORCED_CLOSE);
    }

    /** Ends the session for the application, and keeps it until the client has polled its last packets. */
    void linger(long nanos, EngineCloseReason reason) {
        state = State.LINGERING;
        dropProbe(WebSocket.NORMAL, "session closed");
        clock.linger(nanos);
        listener().onClose(reason);
    }

    void end(EngineCloseReason reason) {
        if (state == State.CLOSED) {
            return;
        }
        boolean notified = state == State.LINGERING;
        forget();
        releasePoll(EncodedPacket.CLOSE);
        dropProbe(WebSocket.NORMAL, "session closed");
        WebSocket carrier = socket;
        if (carrier != null) {
            carrier.close(
                    reason == EngineCloseReason.PARSE_ERROR ? WebSocket.PROTOCOL_ERROR : WebSocket.NORMAL,
                    reason.text());
        }
        EngineListener receiver = listener;
        if (!notified && receiver != null) {
            receiver.onClose(reason);
        }
    }

    /** Removes the session from the endpoint and gives back its deadline and its place among the polling sessions. */
    void forget() {
        state = State.CLOSED;
        endpoint.forget(this);
        Polling queue = polling;
        if (queue != null) {
            releaseCountedAddress(queue);
        }
        clock.stop();
        HttpExchange push = queue == null ? null : queue.takeClosingPush();
        if (push != null) {
            PollingRequests.confirm(push);
        }
    }

    private void releaseCountedAddress(Polling queue) {
        InetAddress address = queue.takeCountedAddress();
        if (address != null) {
            endpoint.releasePolling(address);
        }
    }

    // For the parts of the session in this package.

    EngineEndpoint endpoint() {
        return endpoint;
    }

    /** The polling transport; null on a WebSocket. Any thread. */
    @Nullable
    Polling polling() {
        return polling;
    }

    @Nullable
    UpgradeProbe probe() {
        return probe;
    }

    boolean isLingering() {
        return state == State.LINGERING;
    }

    boolean isCarriedBy(WebSocket candidate) {
        return socket == candidate;
    }

    /** What the application answered when the session was opened. Any thread. */
    EngineListener listener() {
        EngineListener opened = listener;
        if (opened == null) {
            throw new IllegalStateException("session is used before it was opened");
        }
        return opened;
    }

    private enum State {
        OPEN,
        /** Over for the application; the client has yet to be told. */
        LINGERING,
        CLOSED
    }
}
