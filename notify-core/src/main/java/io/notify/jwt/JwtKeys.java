package io.notify.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import io.notify.AuthenticationException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The configured keys. A token may choose among them by its {@code kid}; it cannot add one. */
interface JwtKeys {
    /**
     * Finds the key for a token. Any thread; does not block.
     *
     * @param kid the token's {@code kid}, not verified yet; null if it has none
     * @return completes with an {@link AuthenticationException} if there is no such key
     * @throws AuthenticationException if the {@code kid} is not acceptable
     */
    CompletionStage<Algorithm> find(@Nullable String kid);
}
