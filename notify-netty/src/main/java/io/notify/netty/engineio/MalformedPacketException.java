package io.notify.netty.engineio;

/**
 * Bytes of a peer that are no packet; its connection ends. Internal to notify-netty. Has no stack trace: a peer makes as
 * many of these as it likes.
 */
public final class MalformedPacketException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Tells what was found and what was expected, never the peer's own text. */
    public MalformedPacketException(String message) {
        super(message, null, false, false);
    }
}
