package io.notify.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.AuthenticationException;
import io.notify.json.MalformedJsonException;
import io.notify.json.StrictJson;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token that was read strictly and is not verified yet. Doubled keys, and everything else that two JSON readers may read
 * differently, are refused here; so java-jwt, which verifies the same text, cannot see other claims than the identity is
 * read from. Immutable. Not a record, whose {@code toString} would show the token.
 */
final class ParsedJwt {
    /** Headers that bring a key, or need an extension (RFC 8725, sections 3.1 and 3.10). */
    private static final List<String> FORBIDDEN_HEADERS = List.of("jku", "jwk", "x5u", "x5c", "crit");

    private static final StrictJson JSON = StrictJson.create();

    private final String token;
    private final @Nullable String keyId;
    private final JsonNode claims;

    private ParsedJwt(String token, @Nullable String keyId, JsonNode claims) {
        this.token = token;
        this.keyId = keyId;
        this.claims = claims;
    }

    /**
     * Reads a token's header and claims.
     *
     * @throws AuthenticationException if it is not a JWT, or has a header that is not allowed
     */
    static ParsedJwt parse(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
            throw malformed();
        }
        JsonNode header = object(token.substring(0, first));
        for (String name : FORBIDDEN_HEADERS) {
            if (header.has(name)) {
                throw new AuthenticationException(
                        AuthenticationException.Reason.MALFORMED, "the token's header has " + name);
            }
        }
        return new ParsedJwt(token, keyId(header.path("kid")), object(token.substring(first + 1, second)));
    }

    private static JsonNode object(String base64) {
        try {
            JsonNode tree = JSON.parse(Base64.getUrlDecoder().decode(base64));
            if (tree.isObject()) {
                return tree;
            }
        } catch (MalformedJsonException | IllegalArgumentException e) {
            // the decoder's messages quote the token
            throw malformed();
        }
        throw malformed();
    }

    private static @Nullable String keyId(JsonNode kid) {
        if (!kid.isMissingNode() && !kid.isNull() && !kid.isTextual()) {
            // RFC 7515, section 4.1.4. Read as absent, it would select the only key of a key set.
            throw new AuthenticationException(
                    AuthenticationException.Reason.SIGNATURE, "the token's kid is not a key's name");
        }
        return kid.textValue();
    }

    static AuthenticationException malformed() {
        return new AuthenticationException(AuthenticationException.Reason.MALFORMED, "the token is not a JWT");
    }

    /** The whole token, as java-jwt verifies it. */
    String token() {
        return token;
    }

    /** The header's {@code kid}; null if there is none. */
    @Nullable
    String keyId() {
        return keyId;
    }

    /** The claims, a JSON object. */
    JsonNode claims() {
        return claims;
    }
}
