package io.notify;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Remembers who verified tokens are, never past their {@code exp} and at most five minutes, so that a key that was withdrawn
 * does not live on here. Refused tokens are not remembered: they would let anybody push the others out.
 */
final class VerifiedTokens {
    private static final int MAX_TOKENS = 100_000;
    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    private final Cache<TokenHash, Identity> tokens;

    VerifiedTokens(Ticker ticker) {
        this.tokens = Caffeine.newBuilder()
                .maximumSize(MAX_TOKENS)
                .expireAfterWrite(MAX_AGE)
                .ticker(ticker)
                // on the caller's thread: nothing of this touches the JVM's common pool
                .executor(Runnable::run)
                .build();
    }

    @Nullable
    Identity find(TokenHash token, Instant now) {
        Identity known = tokens.getIfPresent(token);
        if (known != null && !isCurrent(known, now)) {
            tokens.invalidate(token);
            return null;
        }
        return known;
    }

    void remember(TokenHash token, Identity identity, Instant now) {
        if (isCurrent(identity, now)) {
            tokens.put(token, identity);
        }
    }

    long size() {
        tokens.cleanUp();
        return tokens.estimatedSize();
    }

    private static boolean isCurrent(Identity identity, Instant now) {
        return identity.expiresAt() != null && now.isBefore(identity.expiresAt());
    }
}
