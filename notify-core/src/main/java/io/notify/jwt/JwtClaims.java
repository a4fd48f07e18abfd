package io.notify.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.AuthenticationException;
import io.notify.Identity;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an identity from a verified token's claims, and refuses every claim of another kind than expected. */
final class JwtClaims {
    private JwtClaims() {}

    static Identity identity(JsonNode claims, Instant expiresAt) {
        String subject = text(claims, "sub");
        if (subject == null) {
            throw new AuthenticationException(AuthenticationException.Reason.CLAIMS, "the token has no sub");
        }
        Set<String> roles = new LinkedHashSet<>();
        collect(claims, "role", roles);
        collect(claims, "roles", roles);
        String sid = text(claims, "sid");
        try {
            return new Identity(subject, roles, sid == null ? text(claims, "sessionId") : sid, expiresAt);
        } catch (IllegalArgumentException e) {
            // it names the claim and what was expected, not the value
            throw new AuthenticationException(AuthenticationException.Reason.CLAIMS, "the token's " + e.getMessage());
        }
    }

    private static @Nullable String text(JsonNode claims, String claim) {
        JsonNode value = claims.path(claim);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return string(value, claim);
    }

    private static String string(JsonNode value, String claim) {
        String text = value.textValue();
        if (text == null) {
            throw new AuthenticationException(
                    AuthenticationException.Reason.CLAIMS, "the token's " + claim + " is not a string");
        }
        return text;
    }

    private static void collect(JsonNode claims, String claim, Set<String> roles) {
        JsonNode value = claims.path(claim);
        if (value.isArray()) {
            value.forEach(role -> roles.add(string(role, claim)));
        } else if (!value.isMissingNode() && !value.isNull()) {
            roles.add(string(value, claim));
        }
    }
}
