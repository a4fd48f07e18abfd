package io.notify.netty.engineio;

/** Why a session ended. Internal to notify-netty. */
public enum EngineCloseReason {
    /** The client closed the connection, or it broke. */
    TRANSPORT_CLOSE("transport close"),
    /** The client violated the rules of its transport. */
    TRANSPORT_ERROR("transport error"),
    PING_TIMEOUT("ping timeout"),
    /** The client sent a malformed packet. */
    PARSE_ERROR("parse error"),
    /** The server closed the session. */
    FORCED_CLOSE("forced close");

    private final String text;

    EngineCloseReason(String text) {
        this.text = text;
    }

    /** Returns the wording of the reference implementation. */
    public String text() {
        return text;
    }
}
