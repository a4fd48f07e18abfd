package io.notify;

/** What an {@code error} event or a refused acknowledgement says; the names are the wire's and never change. */
public enum ErrorCode {
    UNAUTHORIZED,
    FORBIDDEN_ROOM,
    RATE_LIMITED,
    INVALID_PAYLOAD,
    PAYLOAD_TOO_LARGE,
    UNKNOWN_EVENT,
    NOT_FOUND,
    UNAVAILABLE
}
