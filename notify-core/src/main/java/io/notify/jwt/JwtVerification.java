package io.notify.jwt;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.AlgorithmMismatchException;
import com.auth0.jwt.exceptions.IncorrectClaimException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.exceptions.MissingClaimException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.exceptions.TokenExpiredException;
import io.notify.AuthenticationException;
import io.notify.Identity;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Verifies a token's algorithm, signature, lifetime, issuer and audience with java-jwt. Any thread; never blocks. */
final class JwtVerification {
    private final @Nullable String issuer;
    private final @Nullable String audience;
    private final long skewSeconds;
    private final Clock clock;
    private volatile @Nullable Prepared prepared;

    JwtVerification(@Nullable String issuer, @Nullable String audience, Duration skew, Clock clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.skewSeconds = skew.toSeconds();
        this.clock = clock;
    }

    /**
     * Verifies a token and reads its identity.
     *
     * @throws AuthenticationException if the token is refused
     */
    Identity verify(ParsedJwt token, Algorithm algorithm) {
        JwtClaims.requireKinds(token.claims());
        try {
            verifier(algorithm).verify(token.token());
        } catch (JWTVerificationException e) {
            throw refusal(e);
        } catch (RuntimeException e) {
            // for example, a time that java.time cannot hold
            throw ParsedJwt.malformed();
        }
        return JwtClaims.identity(token.claims());
    }

    private JWTVerifier verifier(Algorithm algorithm) {
        Prepared known = prepared;
        if (known == null || known.key() != algorithm) {
            known = new Prepared(algorithm, prepare(algorithm));
            prepared = known;
        }
        return known.verifier();
    }

    private JWTVerifier prepare(Algorithm algorithm) {
        JWTVerifier.BaseVerification required = (JWTVerifier.BaseVerification) JWT.require(algorithm)
                .acceptLeeway(skewSeconds)
                // RFC 7519, section 4.1.6: iat tells a token's age and is no reason to refuse it
                .ignoreIssuedAt();
        if (issuer != null) {
            required.withIssuer(issuer);
        }
        if (audience != null) {
            required.withAudience(audience);
        }
        return required.build(clock);
    }

    private static AuthenticationException refusal(JWTVerificationException e) {
        if (e instanceof TokenExpiredException) {
            return new AuthenticationException(AuthenticationException.Reason.EXPIRED, "the token has expired");
        }
        if (e instanceof AlgorithmMismatchException) {
            return new AuthenticationException(
                    AuthenticationException.Reason.SIGNATURE, "the token's algorithm is not the configured one");
        }
        if (e instanceof SignatureVerificationException) {
            return new AuthenticationException(
                    AuthenticationException.Reason.SIGNATURE, "the token's signature is wrong");
        }
        if (e instanceof IncorrectClaimException incorrect) {
            String message = "nbf".equals(incorrect.getClaimName())
                    ? "the token is not valid yet"
                    : "the token's " + incorrect.getClaimName() + " is not the expected one";
            return new AuthenticationException(AuthenticationException.Reason.CLAIMS, message);
        }
        if (e instanceof MissingClaimException missing) {
            return new AuthenticationException(
                    AuthenticationException.Reason.CLAIMS, "the token has no " + missing.getClaimName());
        }
        return ParsedJwt.malformed();
    }

    /** The verifier of the key used last. A key set has few keys in use at a time. */
    private record Prepared(Algorithm key, JWTVerifier verifier) {}
}
