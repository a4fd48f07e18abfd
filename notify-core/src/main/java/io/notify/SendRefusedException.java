package io.notify;

import java.time.Duration;

/**
 * A send that was valid but not accepted. Nothing of it will be delivered, except that after {@link Reason#LOG_UNAVAILABLE} it
 * may be unknown whether it was stored: the same send with the same idempotency key is safe, and tells.
 */
public final class SendRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a send was not accepted. */
    public enum Reason {
        /** The send queue is full; try again after {@link #retryAfter()}. */
        QUEUE_FULL,
        /** The log cannot be written now; try again after {@link #retryAfter()}. */
        LOG_UNAVAILABLE,
        /** The idempotency key was used within 24 hours with other content; the same call will never succeed. */
        IDEMPOTENCY_CONFLICT,
        /** The log refused this row alone. */
        REJECTED,
        /** The service has been closed. */
        CLOSED
    }

    private final Reason reason;

    public SendRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public SendRefusedException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** How long to wait before the same call may succeed; zero if it never will. */
    public Duration retryAfter() {
        return switch (reason) {
            case QUEUE_FULL, LOG_UNAVAILABLE -> Duration.ofSeconds(1);
            case IDEMPOTENCY_CONFLICT, REJECTED, CLOSED -> Duration.ZERO;
        };
    }
}
