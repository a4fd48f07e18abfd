package io.notify.netty.engineio;

/**
 * Thrown when a peer sends a malformed packet, which ends its connection. Has no stack trace, since a peer can cause any
 * number of these. Internal to notify-netty.
 */
public final class MalformedPacketException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what was found and what was expected, without text of the peer */
    public MalformedPacketException(String message) {
        super(message, null, false, false);
    }
}
