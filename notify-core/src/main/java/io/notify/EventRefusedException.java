package io.notify;

import org.jspecify.annotations.Nullable;

/** Thrown by the handler of a client event to have the client answered with an error. Never leaves the dispatch of the event. */
final class EventRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ErrorCode code;

    EventRefusedException(ErrorCode code, @Nullable String message) {
        super(message, null, false, false);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
