package io.notify.json;

/**
 * Thrown for text that is not acceptable JSON. The message names the fault and never quotes the text, so it may be shown to
 * the sender. There is no stack trace, so that bad input stays cheap to refuse.
 */
public final class MalformedJsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message, null, false, false);
    }
}
