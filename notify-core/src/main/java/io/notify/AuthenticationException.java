package io.notify;

/** A token that was refused. Its message is safe to show to the client and never holds the token or a part of it. */
public final class AuthenticationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AuthenticationException(String message) {
        super(message);
    }
}
