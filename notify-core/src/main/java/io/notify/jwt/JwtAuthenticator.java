package io.notify.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import io.notify.AuthenticationException;
import io.notify.Authenticator;
import io.notify.Identity;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates clients by a signed JSON Web Token (RFC 7519), under the rules of RFC 8725: the algorithm and the key come
 * from the configuration and never from the token.
 *
 * <p>A token is refused if its algorithm is another one, if it has no {@code exp}, has expired, or is not valid yet
 * ({@code nbf}), and if its {@code iss} or {@code aud} is not the configured one. A token is also refused if it brings a key
 * or a key's address ({@code jwk}, {@code jku}, {@code x5c}, {@code x5u}), if it needs an extension ({@code crit}), and if its
 * {@code kid} looks like a path or a query.
 *
 * <p>These claims make the {@link Identity}: {@code sub}, 1 to 255 visible characters; {@code role} and {@code roles}, each a
 * string or a list of strings, taken together; {@code sid}, or else {@code sessionId}.
 *
 * <p>Any thread. {@link #authenticate} never blocks. Its stage is complete when it returns, unless keys have to be fetched;
 * then the stage completes on a thread of the fetch. Verified tokens are remembered by their hash for up to five minutes, so
 * that a reconnect storm costs little.
 */
public final class JwtAuthenticator implements Authenticator {
    // Most web servers allow 8 KiB for one header, and this much for all of them.
    private static final int MAX_TOKEN = 16 * 1024;

    private final JwtKeys keys;
    private final JwtVerification verification;
    private final TokenHasher hasher = new TokenHasher();
    private final VerifiedTokens verified = new VerifiedTokens();
    private final Clock clock;

    private JwtAuthenticator(Builder b, JwtKeys keys) {
        this.keys = keys;
        this.verification = new JwtVerification(b.issuer, b.audience, b.clockSkew, b.clock);
        this.clock = b.clock;
    }

    /** Returns a builder. Exactly one source of keys has to be set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public CompletionStage<Identity> authenticate(String token) {
        if (token.length() > MAX_TOKEN) {
            return refused(new AuthenticationException(
                    AuthenticationException.Reason.MALFORMED, "the token is longer than " + MAX_TOKEN + " characters"));
        }
        TokenHash hash = hasher.hash(token);
        Instant now = clock.instant();
        Identity known = verified.find(hash, now);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<Identity> answer = new CompletableFuture<>();
        try {
            ParsedJwt parsed = ParsedJwt.parse(token);
            keys.find(parsed.keyId()).whenComplete((key, failure) -> {
                if (key == null) {
                    answer.completeExceptionally(cause(failure));
                } else {
                    verify(answer, hash, parsed, key);
                }
            });
        } catch (AuthenticationException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private void verify(CompletableFuture<Identity> answer, TokenHash hash, ParsedJwt parsed, Algorithm key) {
        try {
            Identity identity = verification.verify(parsed, key);
            verified.remember(hash, identity, clock.instant());
            answer.complete(identity);
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static Throwable cause(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause == null ? new AuthenticationException("the token was refused") : cause;
    }

    private static CompletionStage<Identity> refused(AuthenticationException e) {
        return CompletableFuture.failedFuture(e);
    }

    /** Builder of a {@link JwtAuthenticator}. Not thread-safe. */
    public static final class Builder {
        private static final Duration MAX_SKEW = Duration.ofSeconds(60);
        private static final Duration DEFAULT_KEY_REFRESH = Duration.ofSeconds(30);

        private @Nullable Algorithm fixed;
        private @Nullable URI jwks;
        private Duration keyRefresh = DEFAULT_KEY_REFRESH;
        private @Nullable String issuer;
        private @Nullable String audience;
        private Duration clockSkew = Duration.ZERO;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /**
         * Trusts HS256 with this secret.
         *
         * @param secret at least 32 bytes (RFC 7518, section 3.2); copied
         * @throws IllegalArgumentException if it is shorter
         */
        public Builder hmacSecret(byte[] secret) {
            return fixed(HmacSecret.algorithm(secret));
        }

        /**
         * Trusts HS256 with this secret's UTF-8 bytes.
         *
         * @param secret at least 32 bytes (RFC 7518, section 3.2)
         * @throws IllegalArgumentException if it is shorter
         */
        public Builder hmacSecret(String secret) {
            return hmacSecret(secret.getBytes(StandardCharsets.UTF_8));
        }

        /**
         * Trusts RS256 or ES256, according to the key.
         *
         * @param pem {@code -----BEGIN PUBLIC KEY-----} and so on (RFC 7468, section 13): RSA of at least 2048 bits, or P-256
         * @throws IllegalArgumentException if it is not such a key
         */
        public Builder publicKeyPem(String pem) {
            return publicKey(PublicKeys.pem(pem));
        }

        /**
         * Trusts RS256 or ES256, according to the key.
         *
         * @param key RSA of at least 2048 bits, or P-256
         * @throws IllegalArgumentException if it is another key
         */
        public Builder publicKey(PublicKey key) {
            return fixed(PublicKeys.algorithm(key));
        }

        /**
         * Trusts RS256 and ES256 with the keys of this JSON Web Key Set (RFC 7517). The set is fetched when it is first
         * needed, every hour after that, and when a token names an unknown key. While the address does not answer, fetched
         * keys stay in use for up to a day.
         *
         * @param jwks http or https. Its answers decide which tokens are accepted, so use https beyond this host.
         * @throws IllegalArgumentException if it is neither
         */
        public Builder jwks(URI jwks) {
            String scheme = String.valueOf(jwks.getScheme()).toLowerCase(Locale.ROOT);
            if (!(scheme.equals("http") || scheme.equals("https")) || jwks.getHost() == null) {
                throw new IllegalArgumentException("jwks: (expected: an http or https address)");
            }
            requireNoKey();
            this.jwks = jwks;
            return this;
        }

        /** The least time between two fetches of the key set, 1 s or more; the default is 30 s. */
        public Builder jwksRefreshInterval(Duration interval) {
            if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException(
                        "jwksRefreshInterval: " + interval.toMillis() + " ms (expected: >= 1000 ms)");
            }
            this.keyRefresh = interval;
            return this;
        }

        /** Requires this {@code iss}; by default any or none is accepted. */
        public Builder issuer(String issuer) {
            this.issuer = issuer;
            return this;
        }

        /** Requires this {@code aud}, alone or among others; by default any or none is accepted. */
        public Builder audience(String audience) {
            this.audience = audience;
            return this;
        }

        /**
         * The accepted difference between the issuer's clock and this one, for {@code exp} and {@code nbf}; the default is
         * none. A connection ends at its token's {@code exp} regardless of this setting.
         *
         * @param skew 0 to 60 s
         */
        public Builder clockSkew(Duration skew) {
            if (skew.isNegative() || skew.compareTo(MAX_SKEW) > 0) {
                throw new IllegalArgumentException("clockSkew: " + skew.toMillis() + " ms (expected: 0 to 60000 ms)");
            }
            this.clockSkew = skew;
            return this;
        }

        /** The wall clock; the default is the system's. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Builds the authenticator. Nothing is fetched yet, and no thread is started.
         *
         * @throws IllegalArgumentException if no source of keys is set
         */
        public JwtAuthenticator build() {
            return new JwtAuthenticator(this, keys());
        }

        private JwtKeys keys() {
            if (fixed != null) {
                return new FixedJwtKey(fixed);
            }
            if (jwks != null) {
                return new JwksKeys(new HttpJwksSource(jwks), keyRefresh, clock);
            }
            throw new IllegalArgumentException("JWT key: none (expected: a secret, a public key or a JWKS address)");
        }

        private Builder fixed(Algorithm algorithm) {
            requireNoKey();
            this.fixed = algorithm;
            return this;
        }

        private void requireNoKey() {
            if (fixed != null || jwks != null) {
                throw new IllegalArgumentException(
                        "JWT key: two sources (expected: one, so that one algorithm is pinned)");
            }
        }
    }
}
