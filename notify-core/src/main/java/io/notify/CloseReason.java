package io.notify;

/** Why the server ends a connection. */
public enum CloseReason {
    /** The token's time is over. */
    TOKEN_EXPIRED(false),
    /** It received more slowly than was sent; what is missed can be resumed. */
    TOO_SLOW(true),
    /** It kept on sending beyond the rate limit. */
    RATE_LIMITED(true),
    /** What it missed cannot be read now. */
    LOG_UNAVAILABLE(true),
    /** The host or an operator said so. */
    DISCONNECTED(false),
    /** This server stops; another, or the same one again, takes over. */
    SHUTDOWN(true);

    private final boolean comeBack;

    CloseReason(boolean comeBack) {
        this.comeBack = comeBack;
    }

    /** Whether the client should come back by itself with its cursor: then the transport is closed, not the namespace. */
    public boolean comeBack() {
        return comeBack;
    }
}
