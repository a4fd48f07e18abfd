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
import com.fasterxml.jackson.databind.JsonNode;
import io.notify.AuthenticationException;
import io.notify.Identity;
import io.notify.json.MalformedJsonException;
import io.notify.json.StrictJson;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets a token through only if it is of the key's algorithm, signed with the key, and meant for here and now. */
final class JwtVerification {
    private static final List<String> FORBIDDEN_HEADERS = List.of("jku", "jwk", "x5u", "x5c", "crit");
    private static final List<String> TIMES = List.of("exp", "nbf", "iat");
    /** The year 9999. Later times are milliseconds taken for seconds, and overflow arithmetic further on. */
    private static final long MAX_SECONDS = 253_402_300_799L;

    private final StrictJson json = StrictJson.create();
    private final @Nullable String issuer;
    private final @Nullable String audience;
    private final long skewSeconds;
    private final Clock clock;
    /** The header that came last: an issuer's tokens all have the same. */
    private volatile StrictJwt.@Nullable Header lastHeader;

    private volatile @Nullable Prepared prepared;

    JwtVerification(@Nullable String issuer, @Nullable String audience, Duration skew, Clock clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.skewSeconds = skew.toSeconds();
        this.clock = clock;
    }

    /** Takes the token apart; nothing in it is to be believed yet. */
    StrictJwt decode(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
            throw malformed();
        }
        try {
            StrictJwt.Header header = header(token.substring(0, first));
            String payload = token.substring(first + 1, second);
            return new StrictJwt(token, header, payload, tree(payload), token.substring(second + 1));
        } catch (MalformedJsonException | IllegalArgumentException e) {
            // messages quote the token
            throw malformed();
        }
    }

    private StrictJwt.Header header(String text) {
        StrictJwt.Header last = lastHeader;
        if (last != null && last.text().equals(text)) {
            return last;
        }
        JsonNode tree = tree(text);
        for (String name : FORBIDDEN_HEADERS) {
            if (tree.has(name)) {
                throw new AuthenticationException(
                        AuthenticationException.Reason.MALFORMED, "the token's header has " + name);
            }
        }
        JsonNode kid = tree.path("kid");
        if (!kid.isMissingNode() && !kid.isNull() && !kid.isTextual()) {
            // RFC 7515, 4.1.4; taken for none, it would leave the choice of the key to us
            throw new AuthenticationException(
                    AuthenticationException.Reason.SIGNATURE, "the token's kid is not a key's name");
        }
        StrictJwt.Header header = new StrictJwt.Header(text, tree);
        lastHeader = header;
        return header;
    }

    private JsonNode tree(String base64) {
        JsonNode tree = json.parse(Base64.getUrlDecoder().decode(base64));
        if (!tree.isObject()) {
            throw new IllegalArgumentException("not an object (RFC 7519, section 7.2)");
        }
        return tree;
    }

    private static AuthenticationException malformed() {
        return new AuthenticationException(AuthenticationException.Reason.MALFORMED, "the token is not a JWT");
    }

    /**
     * Checks signature and claims.
     *
     * @throws AuthenticationException if one does not hold
     */
    Identity verify(StrictJwt token, Algorithm algorithm) {
        try {
            verifier(algorithm).verify(token);
        } catch (JWTVerificationException e) {
            throw refusal(e);
        } catch (RuntimeException e) {
            // such as a time beyond what java.time can hold
            throw malformed();
        }
        requireKinds(token);
        return JwtClaims.identity(token.claims(), expiry(token.claims()));
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

    /** The library passes over a claim of another kind than RFC 7519 says. */
    private static void requireKinds(StrictJwt token) {
        for (String name : TIMES) {
            JsonNode time = token.claims().path(name);
            if (isThere(time) && !(time.isNumber() && time.canConvertToLong())) {
                throw noTime(name);
            }
        }
        if (isThere(token.claims().path("aud")) && token.getAudience() == null) {
            throw new AuthenticationException(
                    AuthenticationException.Reason.CLAIMS, "the token's aud is neither a text nor a list of texts");
        }
    }

    private static Instant expiry(JsonNode claims) {
        JsonNode exp = claims.path("exp");
        if (!isThere(exp)) {
            throw new AuthenticationException(AuthenticationException.Reason.CLAIMS, "the token has no exp");
        }
        if (exp.longValue() < 0 || exp.longValue() > MAX_SECONDS) {
            throw noTime("exp");
        }
        return Instant.ofEpochSecond(exp.longValue());
    }

    private static boolean isThere(JsonNode claim) {
        return !claim.isMissingNode() && !claim.isNull();
    }

    private static AuthenticationException noTime(String name) {
        return new AuthenticationException(
                AuthenticationException.Reason.CLAIMS, "the token's " + name + " is not in seconds since 1970");
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

    /** What one key's tokens are verified with; a key set has few keys in use at a time. */
    private record Prepared(Algorithm key, JWTVerifier verifier) {}
}
