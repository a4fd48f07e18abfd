package io.notify.netty.engineio;

import io.notify.netty.http.Deadline;
import io.notify.netty.http.WebSocket;
import java.util.function.LongConsumer;

/**
 * Keeps the times of one session: its pings, its wake-up and its upgrade. They share one deadline of the event loop and
 * are compared with the clock, so they are exact however late the deadline is met. Event loop only.
 */
final class SessionClock implements LongConsumer {
    private final EngineSession session;
    private final Deadline deadline = new Deadline(this);

    private long pingDue;
    private boolean awaitsPong;
    private boolean wakes;
    private long wakeAt;

    SessionClock(EngineSession session, long pingDue) {
        this.session = session;
        this.pingDue = pingDue;
    }

    /** Sets the deadline to whatever is due first. */
    void schedule() {
        if (!session.isOpen()) {
            return;
        }
        long next = awaitsPong ? pongDue() : pingDue;
        UpgradeProbe probe = session.probe();
        if (probe != null && probe.expiresAt() - next < 0) {
            next = probe.expiresAt();
        }
        if (wakes && wakeAt - next < 0) {
            next = wakeAt;
        }
        session.loop().deadlines().set(deadline, next);
    }

    void wakeAt(long nanos) {
        wakes = true;
        wakeAt = nanos;
        schedule();
    }

    void cancelWake() {
        wakes = false;
    }

    /** Records the client's pong; one that no ping asked for is ignored. */
    void pong() {
        if (awaitsPong) {
            awaitsPong = false;
            pingDue = session.loop().nanoTime() + session.endpoint().pingIntervalNanos();
            schedule();
        }
    }

    /**
     * Ends the session if its pong is overdue, and pings the client if that is due.
     *
     * @return whether the session has timed out
     */
    boolean checkPing(long now) {
        if (now - pongDue() >= 0) {
            session.end(EngineCloseReason.PING_TIMEOUT);
            return true;
        }
        if (!awaitsPong && now - pingDue >= 0) {
            awaitsPong = true;
            // A client that is too far behind does not get the ping. The missing pong ends its session.
            session.offer(EncodedPacket.PING);
            schedule();
        }
        return false;
    }

    /** Leaves a session that is over for a while longer, see {@link EngineSession#forget}. */
    void linger(long nanos) {
        session.loop().deadlines().set(deadline, session.loop().nanoTime() + nanos);
    }

    void stop() {
        session.loop().deadlines().clear(deadline);
    }

    @Override
    public void accept(long now) {
        if (!session.isOpen()) {
            session.forget();
            return;
        }
        UpgradeProbe probe = session.probe();
        if (probe != null && now - probe.expiresAt() >= 0) {
            session.dropProbe(WebSocket.POLICY, "upgrade took too long");
        }
        if (wakes && now - wakeAt >= 0) {
            wakes = false;
            session.listener().onWake();
        }
        if (session.isOpen() && !checkPing(now)) {
            schedule();
        }
    }

    /** Measured from when the ping was due, not from when it was sent. */
    private long pongDue() {
        return pingDue + session.endpoint().pingTimeoutNanos();
    }
}
