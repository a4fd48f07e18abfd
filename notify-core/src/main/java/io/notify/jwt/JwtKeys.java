package io.notify.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.notify.AuthenticationException;
import java.util.concurrent.CompletionStage;

/** Says which configured key a token has to be signed with. The token may choose among them by {@code kid}, no more. */
interface JwtKeys {
    /**
     * Finds the key. Any thread; does not block.
     *
     * @param token decoded, not yet to be believed
     * @throws AuthenticationException or completes with it, if there is none
     */
    CompletionStage<Algorithm> find(DecodedJWT token);
}
