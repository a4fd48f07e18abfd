package io.notify.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.JsonNode;
import io.notify.json.MalformedJsonException;
import io.notify.json.StrictJson;
import java.math.BigInteger;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of a JSON Web Key Set (RFC 7517) that may verify RS256 or ES256, each pinned to its own algorithm. Immutable. */
final class JwkSet {
    private static final int MAX_KEYS = 1_000;

    private final Map<String, Algorithm> byId;
    private final @Nullable Algorithm only;

    private JwkSet(Map<String, Algorithm> byId, @Nullable Algorithm only) {
        this.byId = Map.copyOf(byId);
        this.only = only;
    }

    static JwkSet empty() {
        return new JwkSet(Map.of(), null);
    }

    /**
     * Reads a set. Keys of other kinds are ignored (RFC 7517, section 5).
     *
     * @throws MalformedJsonException if the text is not acceptable JSON
     * @throws IllegalArgumentException if it has no list of keys
     */
    static JwkSet parse(byte[] document) {
        Map<String, Algorithm> byId = new HashMap<>();
        Algorithm last = null;
        int usable = 0;
        JsonNode keys = StrictJson.create().parse(document).path("keys");
        if (!keys.isArray()) {
            throw new IllegalArgumentException("JWKS: no list of keys");
        }
        for (JsonNode jwk : keys) {
            Algorithm algorithm = usable < MAX_KEYS ? algorithm(jwk) : null;
            if (algorithm != null) {
                usable++;
                last = algorithm;
                String kid = jwk.path("kid").textValue();
                if (kid != null) {
                    byId.put(kid, algorithm);
                }
            }
        }
        return new JwkSet(byId, usable == 1 ? last : null);
    }

    /** Returns the key with this id, or the set's only key for a token without a {@code kid}; null if there is none. */
    @Nullable
    Algorithm find(@Nullable String kid) {
        return kid == null ? only : byId.get(kid);
    }

    private static @Nullable Algorithm algorithm(JsonNode jwk) {
        if (!jwk.path("use").asText("sig").equals("sig") || !mayVerify(jwk.path("key_ops"))) {
            return null;
        }
        try {
            Algorithm algorithm = PublicKeys.algorithm(key(jwk));
            return jwk.path("alg").asText(algorithm.getName()).equals(algorithm.getName()) ? algorithm : null;
        } catch (IllegalArgumentException notForUs) {
            return null;
        }
    }

    private static boolean mayVerify(JsonNode operations) {
        if (operations.isMissingNode()) {
            return true;
        }
        for (JsonNode operation : operations) {
            if ("verify".equals(operation.textValue())) {
                return true;
            }
        }
        return false;
    }

    private static PublicKey key(JsonNode jwk) {
        String type = jwk.path("kty").asText();
        if (type.equals("RSA")) {
            return PublicKeys.rsa(number(jwk, "n"), number(jwk, "e"));
        }
        if (type.equals("EC") && jwk.path("crv").asText().equals("P-256")) {
            return PublicKeys.p256(number(jwk, "x"), number(jwk, "y"));
        }
        throw new IllegalArgumentException("kty: (expected: RSA, or EC on P-256)");
    }

    private static BigInteger number(JsonNode jwk, String field) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.path(field).asText()));
    }
}
