package io.notify.netty.http;

/** Thrown when a query cannot be decoded. The message does not contain the query. Internal to notify-netty. */
public final class MalformedQueryException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MalformedQueryException() {
        super("query: malformed percent-encoding (expected: a percent sign and two hexadecimal digits)");
    }
}
