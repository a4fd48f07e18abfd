package io.notify;

/** The log cannot be reached or written now; trying again later may succeed. Nothing of the call was stored. */
public final class LogUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LogUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
