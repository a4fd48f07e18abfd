package io.notify.netty.socketio;

import org.jspecify.annotations.Nullable;

/** Whether a client may connect to a namespace. */
public sealed interface Admission {
    /** It may. */
    static Admission granted() {
        return new Granted(null);
    }

    /** It may, as somebody. */
    static Admission granted(Object principal) {
        return new Granted(principal);
    }

    /** It may not; its {@code connect_error} handler is told why. */
    static Admission refused(ConnectError error) {
        return new Refused(error);
    }

    /**
     * See {@link #granted()}.
     *
     * @param principal what {@link SocketIoSocket#principal} answers
     */
    record Granted(@Nullable Object principal) implements Admission {}

    /** See {@link #refused}. */
    record Refused(ConnectError error) implements Admission {}
}
