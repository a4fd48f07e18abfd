package io.notify;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where transports come in: sign-in, and the opening of connections. */
public interface Gateway {
    /**
     * Registers a thread that will own connections.
     *
     * @param eventLoop runs tasks on that one thread, in order; never on the caller's
     */
    Lane lane(Executor eventLoop);

    /**
     * Checks a token, in whatever way it came. Any thread; does not block. The stage may complete on any thread; a refusal
     * completes it with {@link AuthenticationException}.
     *
     * @param token with or without a {@code Bearer} prefix; null or empty is a refusal
     */
    CompletionStage<Identity> authenticate(@Nullable String token);

    /**
     * The sign-in session of a connection about to be opened: that of the recovery id if it was given out to this user,
     * else the token's, else a new one.
     *
     * @param recoveryId what the client showed, unchecked, or null
     */
    String sessionId(Identity identity, @Nullable String recoveryId);

    /**
     * What lets a client of this user and session come back as the same session: a keyed token that needs no memory. The
     * same session always gets the same one.
     */
    String recoveryId(Identity identity, String sessionId);

    /**
     * Opens a connection: joins its rooms, replays what it missed, says {@code connected}, then goes live with no gap.
     * Called on the lane; does not block. The session may be offered events before this returns.
     */
    Connection open(Lane lane, ConnectRequest request, TransportSession session);

    /**
     * Does what a request asks for, on this thread, within the trace that the request's headers continue; without
     * OpenTelemetry it does no more than that.
     *
     * @param header a header's value by its name, or null
     */
    default <T> T continuing(Function<String, @Nullable String> header, Supplier<T> work) {
        return work.get();
    }
}
