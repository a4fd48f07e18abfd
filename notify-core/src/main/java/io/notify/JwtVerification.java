package io.notify;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.AlgorithmMismatchException;
import com.auth0.jwt.exceptions.IncorrectClaimException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.exceptions.MissingClaimException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.exceptions.TokenExpiredException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets a token through only if it is of the key's algorithm, signed with the key, and meant for here and now. */
final class JwtVerification {
    private static final List<String> FORBIDDEN_HEADERS = List.of("jku", "jwk", "x5u", "x5c", "crit");
    /** The year 9999. Later times are milliseconds taken for seconds, and overflow arithmetic further on. */
    private static final long MAX_SECONDS = 253_402_300_799L;

    private final StrictJson json = StrictJson.create();
    private final @Nullable String issuer;
    private final @Nullable String audience;
    private final long skewSeconds;
    private final Clock clock;

    JwtVerification(@Nullable String issuer, @Nullable String audience, Duration skew, Clock clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.skewSeconds = skew.toSeconds();
        this.clock = clock;
    }

    /** Takes the token apart; nothing in it is to be believed yet. */
    DecodedJWT decode(String token) {
        DecodedJWT decoded;
        try {
            // before the library's own reader, which is less strict: a doubled alg means one thing to it and another
            // elsewhere
            strict(token.split("\\.", -1));
            decoded = JWT.decode(token);
        } catch (RuntimeException e) {
            // messages of the libraries quote the token
            throw new AuthenticationException(AuthenticationException.Reason.MALFORMED, "the token is not a JWT");
        }
        for (String header : FORBIDDEN_HEADERS) {
            if (!decoded.getHeaderClaim(header).isMissing()) {
                throw new AuthenticationException(
                        AuthenticationException.Reason.MALFORMED, "the token's header has " + header);
            }
        }
        return decoded;
    }

    private void strict(String[] parts) {
        if (parts.length != 3) {
            throw new MalformedJsonException("JWT: " + parts.length + " parts (expected: 3)");
        }
        json.parse(Base64.getUrlDecoder().decode(parts[0]));
        json.parse(Base64.getUrlDecoder().decode(parts[1]));
    }

    /**
     * Checks signature and claims.
     *
     * @throws AuthenticationException if one does not hold
     */
    Identity verify(DecodedJWT token, Algorithm algorithm) {
        JsonNode claims;
        try {
            verifier(algorithm).verify(token);
            claims = json.parse(Base64.getUrlDecoder().decode(token.getPayload()));
        } catch (JWTVerificationException e) {
            throw refusal(e);
        } catch (RuntimeException e) {
            // such as a time beyond what java.time can hold
            throw new AuthenticationException(AuthenticationException.Reason.MALFORMED, "the token is not a JWT");
        }
        return JwtClaims.identity(claims, expiry(claims));
    }

    private JWTVerifier verifier(Algorithm algorithm) {
        JWTVerifier.BaseVerification required = (JWTVerifier.BaseVerification) JWT.require(algorithm)
                .acceptLeeway(skewSeconds)
                // RFC 7519, 4.1.6: iat tells a token's age, it is no reason to refuse it
                .ignoreIssuedAt();
        if (issuer != null) {
            required.withIssuer(issuer);
        }
        if (audience != null) {
            required.withAudience(audience);
        }
        return required.build(clock);
    }

    private static Instant expiry(JsonNode claims) {
        JsonNode exp = claims.path("exp");
        if (exp.isMissingNode() || exp.isNull()) {
            throw new AuthenticationException(AuthenticationException.Reason.CLAIMS, "the token has no exp");
        }
        if (!exp.isNumber() || !exp.canConvertToLong() || exp.longValue() < 0 || exp.longValue() > MAX_SECONDS) {
            throw new AuthenticationException(
                    AuthenticationException.Reason.CLAIMS, "the token's exp is not in seconds since 1970");
        }
        return Instant.ofEpochSecond(exp.longValue());
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
        return new AuthenticationException("the token was refused");
    }
}
