package io.notify.netty.socketio;

import org.jspecify.annotations.Nullable;

/** The decision of a {@link ConnectAuthenticator} on a client. Immutable. */
public sealed interface Admission {
    /** Lets the client connect. */
    static Admission granted() {
        return new Granted(null);
    }

    /** Lets the client connect under an identity. */
    static Admission granted(Object principal) {
        return new Granted(principal);
    }

    /** Refuses the client. Its {@code connect_error} handler gets the error. */
    static Admission refused(ConnectError error) {
        return new Refused(error);
    }

    /**
     * See {@link #granted()}.
     *
     * @param principal the result of {@link SocketIoSocket#principal}
     */
    record Granted(@Nullable Object principal) implements Admission {}

    /** See {@link #refused}. */
    record Refused(ConnectError error) implements Admission {}
}
