package io.notify.netty.http;

/** Thrown when this machine does not support the configured transport; {@code auto} is always supported. */
public final class TransportUnavailableException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    TransportUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
