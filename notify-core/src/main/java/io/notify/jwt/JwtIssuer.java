package io.notify.jwt;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import io.notify.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Issues HS256 tokens that a {@link JwtAuthenticator} with the same secret accepts: for tests, and for hosts without a
 * sign-in server. Immutable; any thread; never blocks.
 */
public final class JwtIssuer {
    private final Algorithm algorithm;
    private final @Nullable String issuer;
    private final @Nullable String audience;
    private final Clock clock;

    private JwtIssuer(Algorithm algorithm, @Nullable String issuer, @Nullable String audience, Clock clock) {
        this.algorithm = algorithm;
        this.issuer = issuer;
        this.audience = audience;
        this.clock = clock;
    }

    /**
     * Returns an issuer with the system's clock, whose tokens have neither {@code iss} nor {@code aud}.
     *
     * @param secret at least 32 bytes; copied
     * @throws IllegalArgumentException if it is shorter
     */
    public static JwtIssuer hmac(byte[] secret) {
        return new JwtIssuer(HmacSecret.algorithm(secret), null, null, Clock.systemUTC());
    }

    /** As {@link #hmac(byte[])}, with the secret's UTF-8 bytes. */
    public static JwtIssuer hmac(String secret) {
        return hmac(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns an issuer whose tokens have this {@code iss}. */
    public JwtIssuer withIssuer(String issuer) {
        return new JwtIssuer(algorithm, issuer, audience, clock);
    }

    /** Returns an issuer whose tokens have this {@code aud}. */
    public JwtIssuer withAudience(String audience) {
        return new JwtIssuer(algorithm, issuer, audience, clock);
    }

    /** Returns an issuer with another clock. */
    public JwtIssuer withClock(Clock clock) {
        return new JwtIssuer(algorithm, issuer, audience, clock);
    }

    /**
     * Issues a token with {@code sub}, {@code roles}, {@code sid}, {@code iat} and {@code exp}.
     *
     * @param subject 1 to 255 visible characters
     * @param roles each 1 to 255 visible characters; may be empty
     * @param sessionId 1 to 255 visible characters; null for none
     * @param lifetime at least a second; {@code exp} is in whole seconds
     * @throws IllegalArgumentException if an argument is not acceptable; the authenticator would refuse the token
     */
    public String mint(String subject, Set<String> roles, @Nullable String sessionId, Duration lifetime) {
        if (lifetime.toSeconds() < 1) {
            throw new IllegalArgumentException("lifetime: " + lifetime.toMillis() + " ms (expected: >= 1000 ms)");
        }
        Instant now = clock.instant();
        Identity identity = new Identity(subject, roles, sessionId, now.plus(lifetime));
        JWTCreator.Builder token = JWT.create()
                .withSubject(identity.userId())
                .withArrayClaim("roles", identity.roles().stream().sorted().toArray(String[]::new))
                .withIssuedAt(now)
                .withExpiresAt(now.plus(lifetime));
        if (sessionId != null) {
            token.withClaim("sid", sessionId);
        }
        if (issuer != null) {
            token.withIssuer(issuer);
        }
        if (audience != null) {
            token.withAudience(audience);
        }
        return token.sign(algorithm);
    }
}
