package io.notify.netty.api;

import org.jspecify.annotations.Nullable;

/** Thrown when a request is invalid. Holds the status and the detail of the response (RFC 9457). Has no stack trace. */
final class RequestFault extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final @Nullable String field;

    private long retryAfterSeconds;

    private RequestFault(int status, @Nullable String field, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.field = field;
    }

    /** Returns a 400 for a field of the body or a query parameter. */
    static RequestFault invalid(String field, String expected) {
        return new RequestFault(400, field, field + ": " + expected);
    }

    /** Returns a 400 whose detail names the field already. */
    static RequestFault withDetail(String field, String detail) {
        return new RequestFault(400, field, detail);
    }

    /** Returns a 404 for something that does not exist, or not for this user. */
    static RequestFault notFound(String detail) {
        return new RequestFault(404, null, detail);
    }

    /** Returns a 429 for a sender that has reached its limit. */
    static RequestFault tooMany(long retryAfterMillis) {
        RequestFault fault = new RequestFault(429, null, "Too many notifications from this sender.");
        fault.retryAfterSeconds = Math.max(1, (retryAfterMillis + 999) / 1_000);
        return fault;
    }

    /** Returns the same fault, located in an element of a list. */
    RequestFault at(String element) {
        return new RequestFault(status, element + "." + field, element + "." + detail());
    }

    int status() {
        return status;
    }

    /** Returns the invalid field or parameter, or null. */
    @Nullable
    String field() {
        return field;
    }

    /** Returns the time to wait before the next attempt, or 0 if another attempt is useless. */
    long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
