package io.notify.netty.engineio;

/** Why a session ended. Internal to notify-netty. */
public enum EngineCloseReason {
    /** The client closed, or went away. */
    TRANSPORT_CLOSE("transport close"),
    /** The client broke a rule of its transport. */
    TRANSPORT_ERROR("transport error"),
    PING_TIMEOUT("ping timeout"),
    /** The client sent something that is no packet. */
    PARSE_ERROR("parse error"),
    /** The server said so. */
    FORCED_CLOSE("forced close");

    private final String text;

    EngineCloseReason(String text) {
        this.text = text;
    }

    /** As the reference implementation words it. */
    public String text() {
        return text;
    }
}
