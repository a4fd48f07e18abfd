package io.notify;

import org.jspecify.annotations.Nullable;

/**
 * How a client wants to come in.
 *
 * @param identity who, as authenticated
 * @param sessionId its sign-in session, see {@link Gateway#sessionId}
 * @param cursor where it stood, as it said, unchecked; null to begin at the present
 */
public record ConnectRequest(
        Identity identity, String sessionId, @Nullable String cursor) {}
