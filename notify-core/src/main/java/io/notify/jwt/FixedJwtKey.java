package io.notify.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.notify.AuthenticationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** The one key there is, whatever the token calls it. */
final class FixedJwtKey implements JwtKeys {
    // A path or a query in a kid is an attack on servers that look keys up by it (RFC 8725, 3.10). This one does not,
    // but
    // whoever sends such a thing is not to be served.
    private static final Pattern KID = Pattern.compile("[A-Za-z0-9_.:@=+~-]{1,255}");

    private final CompletableFuture<Algorithm> key;

    FixedJwtKey(Algorithm key) {
        this.key = CompletableFuture.completedFuture(key);
    }

    @Override
    public CompletionStage<Algorithm> find(DecodedJWT token) {
        String kid = token.getKeyId();
        if (kid != null && (!KID.matcher(kid).matches() || kid.contains("..") || kid.contains("--"))) {
            throw new AuthenticationException(
                    AuthenticationException.Reason.SIGNATURE, "the token's kid is not a key's name");
        }
        return key;
    }
}
