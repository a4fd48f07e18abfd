package io.notify.netty.api;

import org.jspecify.annotations.Nullable;

/** A request that cannot be served, as RFC 9457 will tell it; unchecked so that parsing reads straight. */
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

    /** 400: a field of the body, or a parameter, is not what was expected. */
    static RequestFault invalid(String field, String expected) {
        return new RequestFault(400, field, field + ": " + expected);
    }

    /** 400, in words that name the field already. */
    static RequestFault said(String field, String detail) {
        return new RequestFault(400, field, detail);
    }

    /** 404: what the path names is not there for this user. */
    static RequestFault notFound(String detail) {
        return new RequestFault(404, null, detail);
    }

    /** 429: the sender's limit is used up. */
    static RequestFault tooMany(long retryAfterMillis) {
        RequestFault fault = new RequestFault(429, null, "Too many notifications from this sender.");
        fault.retryAfterSeconds = Math.max(1, (retryAfterMillis + 999) / 1_000);
        return fault;
    }

    /** The same fault of an element of a list. */
    RequestFault at(String element) {
        return new RequestFault(status, element + "." + field, element + "." + detail());
    }

    int status() {
        return status;
    }

    /** The field or parameter to mend, if it is one. */
    @Nullable
    String field() {
        return field;
    }

    /** When to try again; 0 if that is no help. */
    long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
