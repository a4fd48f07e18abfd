package io.notify.netty.engineio;

import io.notify.netty.http.WebSocket;
import io.notify.netty.http.WebSocketListener;

/**
 * Passes the events of one WebSocket to its session. A WebSocket that neither carries nor probes the session is ignored.
 * Event loop only.
 */
final class WebSocketCarrier implements WebSocketListener {
    private final EngineSession session;
    private final WebSocket socket;

    WebSocketCarrier(EngineSession session, WebSocket socket) {
        this.session = session;
        this.socket = socket;
    }

    @Override
    public void onText(String text) {
        if (session.isCarriedBy(socket)) {
            session.receiveText(text);
            return;
        }
        UpgradeProbe probe = session.probe();
        if (probe != null && probe.socket() == socket) {
            probe.onText(text);
        }
    }

    @Override
    public void onBinary(byte[] bytes) {
        if (session.isCarriedBy(socket)) {
            session.receiveBinary(bytes);
        } else if (isProbe()) {
            session.dropProbe(WebSocket.PROTOCOL_ERROR, "no probe");
        }
    }

    @Override
    public void onClose(int code) {
        if (session.isCarriedBy(socket)) {
            session.end(EngineCloseReason.TRANSPORT_CLOSE);
        } else if (isProbe()) {
            session.forgetProbe();
        }
    }

    private boolean isProbe() {
        UpgradeProbe probe = session.probe();
        return probe != null && probe.socket() == socket;
    }
}
