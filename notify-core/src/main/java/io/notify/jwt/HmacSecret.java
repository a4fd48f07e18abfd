package io.notify.jwt;

import com.auth0.jwt.algorithms.Algorithm;

/** Makes HS256 keys. Refuses a secret shorter than the hash (RFC 7518, section 3.2), without showing it. */
final class HmacSecret {
    private static final int MIN_BYTES = 32;

    private HmacSecret() {}

    static Algorithm algorithm(byte[] secret) {
        if (secret.length < MIN_BYTES) {
            throw new IllegalArgumentException(
                    "JWT secret: " + secret.length + " bytes (expected: >= " + MIN_BYTES + " bytes)");
        }
        return Algorithm.HMAC256(secret.clone());
    }
}
