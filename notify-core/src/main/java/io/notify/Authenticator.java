package io.notify;

import java.util.concurrent.CompletionStage;

/**
 * Turns a token into an identity; the only way in, whatever the transport.
 *
 * <p>Called on event loops, by many threads at once: it must not block. An implementation that needs I/O does it
 * elsewhere and completes the stage later. A refusal completes it exceptionally with {@link AuthenticationException};
 * any other exception refuses as well and is logged.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * Checks a token.
     *
     * @param token what the client sent, without a {@code Bearer} prefix; never empty
     */
    CompletionStage<Identity> authenticate(String token);
}
