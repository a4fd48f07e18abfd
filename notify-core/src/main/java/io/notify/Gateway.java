package io.notify;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The entry point for transports: authenticates clients, and creates the lanes that open connections. */
public interface Gateway {
    /**
     * Registers a thread that will own connections.
     *
     * @param eventLoop runs tasks on that one thread, in order; never on the caller's
     */
    Lane lane(Executor eventLoop);

    /**
     * Checks a token. Any thread; does not block. The stage may complete on any thread; a refusal completes it with
     * {@link AuthenticationException}.
     *
     * @param token with or without a {@code Bearer} prefix; null or empty is a refusal
     */
    CompletionStage<Identity> authenticate(@Nullable String token);

    /**
     * Returns the sign-in session of a connection about to be opened: that of the recovery id if it was issued to this user,
     * else the token's, else a new one.
     *
     * @param recoveryId the client's recovery id, unchecked, or null
     */
    String sessionId(Identity identity, @Nullable String recoveryId);

    /**
     * Returns the recovery id with which a client can come back as the same session: a keyed token that needs no memory. It
     * is the same for the same user and session.
     */
    String recoveryId(Identity identity, String sessionId);

    /**
     * Calls a supplier, on this thread, in the trace context that a request's headers carry. Without OpenTelemetry it only
     * calls the supplier.
     *
     * @param header returns a header's value by its name, or null
     */
    default <T> T continuing(Function<String, @Nullable String> header, Supplier<T> work) {
        return work.get();
    }
}
