package io.notify.json;

/**
 * Text that is not acceptable JSON. Its message names what was wrong and never holds any of the text, so it may be shown
 * to whoever sent it. It has no stack trace: bad input is nothing the server did, and must stay cheap to refuse.
 */
public final class MalformedJsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message, null, false, false);
    }
}
