package io.notify.netty.engineio;

import io.notify.netty.http.WebSocket;

/**
 * A WebSocket that probes whether it can replace polling. The session upgrades only after {@code 2probe} and {@code 5},
 * in this order and within the time limit. Event loop only.
 */
final class UpgradeProbe {
    private final EngineSession session;
    private final WebSocket socket;
    private final long expiresAt;
    private boolean answered;

    UpgradeProbe(EngineSession session, WebSocket socket, long expiresAt) {
        this.session = session;
        this.socket = socket;
        this.expiresAt = expiresAt;
    }

    WebSocket socket() {
        return socket;
    }

    long expiresAt() {
        return expiresAt;
    }

    /** Whether the client got its {@code 3probe}, after which it stops polling. */
    boolean isAnswered() {
        return answered;
    }

    void onText(String frame) {
        if (frame.equals("2probe")) {
            answered = true;
            socket.outbound().offer(EncodedPacket.PROBE_PONG.frame());
            socket.outbound().flush();
            // The client pauses its polling, and upgrades once no poll is pending.
            session.releasePoll(EncodedPacket.NOOP);
        } else if (frame.equals("5") && answered) {
            session.completeUpgrade(socket);
        } else {
            session.dropProbe(WebSocket.PROTOCOL_ERROR, "no probe");
        }
    }
}
