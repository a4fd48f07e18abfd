package io.notify;

/** A token that was refused. Its message is safe to show to the client and never holds the token or a part of it. */
public final class AuthenticationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was wrong, as operators count it; clients are told no more than that a valid token is needed. */
    public enum Reason {
        NO_TOKEN,
        /** No JWT at all, or with headers that none of ours has. */
        MALFORMED,
        EXPIRED,
        /** Another algorithm, another key, or the token was changed. */
        SIGNATURE,
        /** A claim is missing, or not what is expected here. */
        CLAIMS,
        /** What the host's own authenticator did not say. */
        OTHER
    }

    private final Reason reason;

    public AuthenticationException(String message) {
        this(Reason.OTHER, message);
    }

    public AuthenticationException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
