package io.notify.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import io.notify.AuthenticationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A single configured key, which serves tokens of any {@code kid}. */
final class FixedJwtKey implements JwtKeys {
    // A path or a query in a kid is an attack on servers that look keys up by it (RFC 8725, section 3.10). No lookup
    // takes place here, but such a token is refused all the same.
    private static final Pattern KID = Pattern.compile("[A-Za-z0-9_.:@=+~-]{1,255}");

    private final CompletableFuture<Algorithm> key;

    FixedJwtKey(Algorithm key) {
        this.key = CompletableFuture.completedFuture(key);
    }

    @Override
    public CompletionStage<Algorithm> find(@Nullable String kid) {
        if (kid != null && (!KID.matcher(kid).matches() || kid.contains("..") || kid.contains("--"))) {
            throw new AuthenticationException(
                    AuthenticationException.Reason.SIGNATURE, "the token's kid is not a key's name");
        }
        return key;
    }
}
