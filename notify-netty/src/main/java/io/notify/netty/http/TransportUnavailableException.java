package io.notify.netty.http;

/** A transport that was asked for by name is not to be had on this machine; {@code auto} always is. */
public final class TransportUnavailableException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    TransportUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
