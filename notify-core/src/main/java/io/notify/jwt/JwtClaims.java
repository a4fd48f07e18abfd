package io.notify.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.AuthenticationException;
import io.notify.Identity;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the claims that this library uses, and refuses a claim of another kind than RFC 7519 gives it. */
final class JwtClaims {
    private static final List<String> TIMES = List.of("exp", "nbf", "iat");
    /** The year 9999. A later time is usually in milliseconds, and overflows arithmetic further on. */
    private static final long MAX_SECONDS = 253_402_300_799L;

    private JwtClaims() {}

    /**
     * Requires times to be numbers, and an audience to be text. The token's signature need not be verified yet.
     *
     * @throws AuthenticationException if a claim is of another kind, or {@code exp} is missing
     */
    static void requireKinds(JsonNode claims) {
        for (String name : TIMES) {
            JsonNode time = claims.path(name);
            if (isPresent(time) && !(time.isNumber() && time.canConvertToLong())) {
                throw refusal("the token's " + name + " is not in seconds since 1970");
            }
        }
        JsonNode expiry = claims.path("exp");
        if (!isPresent(expiry)) {
            throw refusal("the token has no exp");
        }
        if (expiry.longValue() < 0 || expiry.longValue() > MAX_SECONDS) {
            throw refusal("the token's exp is not in seconds since 1970");
        }
        JsonNode audience = claims.path("aud");
        if (isPresent(audience) && !audience.isTextual() && !isListOfStrings(audience)) {
            throw refusal("the token's aud is neither a string nor a list of strings");
        }
    }

    private static boolean isListOfStrings(JsonNode value) {
        for (JsonNode element : value) {
            if (!element.isTextual()) {
                return false;
            }
        }
        return value.isArray();
    }

    /**
     * Reads the identity from claims of the required kinds.
     *
     * @throws AuthenticationException if {@code sub}, a role or a session id is not acceptable
     */
    static Identity identity(JsonNode claims) {
        String subject = text(claims, "sub");
        if (subject == null) {
            throw refusal("the token has no sub");
        }
        Set<String> roles = new LinkedHashSet<>();
        collect(claims, "role", roles);
        collect(claims, "roles", roles);
        String sid = text(claims, "sid");
        Instant expiresAt = Instant.ofEpochSecond(claims.path("exp").longValue());
        try {
            return new Identity(subject, roles, sid == null ? text(claims, "sessionId") : sid, expiresAt);
        } catch (IllegalArgumentException e) {
            // the message names the claim and the expectation, never the value
            throw refusal("the token's " + e.getMessage());
        }
    }

    private static @Nullable String text(JsonNode claims, String claim) {
        JsonNode value = claims.path(claim);
        return isPresent(value) ? string(value, claim) : null;
    }

    private static void collect(JsonNode claims, String claim, Set<String> roles) {
        JsonNode value = claims.path(claim);
        if (value.isArray()) {
            value.forEach(role -> roles.add(string(role, claim)));
        } else if (isPresent(value)) {
            roles.add(string(value, claim));
        }
    }

    private static String string(JsonNode value, String claim) {
        String text = value.textValue();
        if (text == null) {
            throw refusal("the token's " + claim + " is not a string");
        }
        return text;
    }

    private static boolean isPresent(JsonNode claim) {
        return !claim.isMissingNode() && !claim.isNull();
    }

    private static AuthenticationException refusal(String message) {
        return new AuthenticationException(AuthenticationException.Reason.CLAIMS, message);
    }
}
