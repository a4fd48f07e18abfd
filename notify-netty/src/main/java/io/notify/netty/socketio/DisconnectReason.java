package io.notify.netty.socketio;

/** Why a socket left its namespace. */
public enum DisconnectReason {
    /** The client left this namespace. */
    CLIENT_NAMESPACE_DISCONNECT("client namespace disconnect"),
    /** The server put it out of this namespace. */
    SERVER_NAMESPACE_DISCONNECT("server namespace disconnect"),
    /** The client closed its connection, or went away. */
    TRANSPORT_CLOSE("transport close"),
    /** The client broke a rule of its transport, or did not take what was sent. */
    TRANSPORT_ERROR("transport error"),
    /** The client did not answer a ping. */
    PING_TIMEOUT("ping timeout"),
    /** The client sent something that is no packet. */
    PARSE_ERROR("parse error"),
    /** The server closed the connection. */
    FORCED_CLOSE("forced close");

    private final String text;

    DisconnectReason(String text) {
        this.text = text;
    }

    /** As the reference implementation words it. */
    public String text() {
        return text;
    }
}
