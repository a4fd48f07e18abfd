package io.notify.netty.socketio;

/** Why a socket left its namespace. */
public enum DisconnectReason {
    /** The client disconnected from the namespace. */
    CLIENT_NAMESPACE_DISCONNECT("client namespace disconnect"),
    /** The server disconnected the client from the namespace. */
    SERVER_NAMESPACE_DISCONNECT("server namespace disconnect"),
    /** The client closed the connection, or it broke. */
    TRANSPORT_CLOSE("transport close"),
    /** The client violated the rules of its transport, or did not read what was sent. */
    TRANSPORT_ERROR("transport error"),
    /** The client did not answer a ping. */
    PING_TIMEOUT("ping timeout"),
    /** The client sent a malformed packet. */
    PARSE_ERROR("parse error"),
    /** The server closed the connection. */
    FORCED_CLOSE("forced close");

    private final String text;

    DisconnectReason(String text) {
        this.text = text;
    }

    /** Returns the wording of the reference implementation. */
    public String text() {
        return text;
    }
}
