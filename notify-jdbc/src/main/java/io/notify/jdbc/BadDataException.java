package io.notify.jdbc;

/** Some value of a transaction cannot be stored; trying it again would fail again. The message has no secrets. */
final class BadDataException extends Exception {
    private static final long serialVersionUID = 1L;

    BadDataException(String message) {
        super(message);
    }
}
