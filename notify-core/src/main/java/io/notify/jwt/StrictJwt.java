package io.notify.jwt;

import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.fasterxml.jackson.databind.JsonNode;
import io.notify.json.StrictJson;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token as {@link StrictJson} reads it. The library verifies what is read from here and the identity is read from here too,
 * so that nobody can write a token that means one thing to one reader and another to the next. Immutable. No record, whose text
 * would show the token.
 */
final class StrictJwt implements DecodedJWT {
    private final String token;
    private final Header header;
    private final String payload;
    private final JsonNode claims;
    private final String signature;

    StrictJwt(String token, Header header, String payload, JsonNode claims, String signature) {
        this.token = token;
        this.header = header;
        this.payload = payload;
        this.claims = claims;
        this.signature = signature;
    }

    /** The claims set; an object. */
    JsonNode claims() {
        return claims;
    }

    @Override
    public String getToken() {
        return token;
    }

    @Override
    public String getHeader() {
        return header.text();
    }

    @Override
    public String getPayload() {
        return payload;
    }

    @Override
    public String getSignature() {
        return signature;
    }

    @Override
    public @Nullable String getAlgorithm() {
        return header.tree().path("alg").textValue();
    }

    @Override
    public @Nullable String getType() {
        return header.tree().path("typ").textValue();
    }

    @Override
    public @Nullable String getContentType() {
        return header.tree().path("cty").textValue();
    }

    @Override
    public @Nullable String getKeyId() {
        return header.tree().path("kid").textValue();
    }

    @Override
    public Claim getHeaderClaim(String name) {
        return new StrictClaim(header.tree().path(name));
    }

    @Override
    public @Nullable String getIssuer() {
        return claims.path("iss").textValue();
    }

    @Override
    public @Nullable String getSubject() {
        return claims.path("sub").textValue();
    }

    @Override
    public @Nullable String getId() {
        return claims.path("jti").textValue();
    }

    /** RFC 7519, section 4.1.3: one text, or a list of them; null if it is neither. */
    @Override
    public @Nullable List<String> getAudience() {
        JsonNode audience = claims.path("aud");
        if (audience.isTextual()) {
            return List.of(audience.textValue());
        }
        if (!audience.isArray()) {
            return null;
        }
        List<String> all = new ArrayList<>(audience.size());
        for (JsonNode one : audience) {
            if (!one.isTextual()) {
                return null;
            }
            all.add(one.textValue());
        }
        return all;
    }

    @Override
    public @Nullable Date getExpiresAt() {
        return getClaim("exp").asDate();
    }

    @Override
    public @Nullable Date getNotBefore() {
        return getClaim("nbf").asDate();
    }

    @Override
    public @Nullable Date getIssuedAt() {
        return getClaim("iat").asDate();
    }

    @Override
    public Claim getClaim(String name) {
        return new StrictClaim(claims.path(name));
    }

    @Override
    public Map<String, Claim> getClaims() {
        Map<String, Claim> all = new HashMap<>();
        claims.properties().forEach(claim -> all.put(claim.getKey(), new StrictClaim(claim.getValue())));
        return all;
    }

    /**
     * A token's header.
     *
     * @param text as it stands in the token, in base64url
     * @param tree an object
     */
    record Header(String text, JsonNode tree) {}
}
