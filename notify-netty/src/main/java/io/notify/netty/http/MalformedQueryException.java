package io.notify.netty.http;

/** A query whose escapes cannot be decoded; the text itself is never shown. Internal to notify-netty. */
public final class MalformedQueryException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MalformedQueryException() {
        super("query: an escape is malformed (expected: a percent sign and two hexadecimal digits)");
    }
}
