package io.notify.jwt;

import io.notify.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Cache of verified tokens' identities. An entry lives for at most five minutes, so that a withdrawn key does not outlast
 * that, and never past the token's {@code exp}. Refused tokens are not cached: they could push out the others.
 *
 * <p>New tokens enter the younger of two generations, and the older generation is dropped as a whole. So a new token costs
 * one entry of a map, and nothing has to be evicted. Any thread.
 */
final class VerifiedTokens {
    private static final Duration GENERATION = Duration.ofSeconds(150);
    private static final int MAX_GENERATION = 50_000;

    private volatile Generations generations = new Generations(new ConcurrentHashMap<>(), none(), Instant.EPOCH);

    @Nullable
    Identity find(TokenHash token, Instant now) {
        Generations present = present(now);
        Identity known = present.young().get(token);
        if (known == null) {
            known = present.old().get(token);
        }
        return known != null && isCurrent(known, now) ? known : null;
    }

    void remember(TokenHash token, Identity identity, Instant now) {
        if (isCurrent(identity, now)) {
            ConcurrentMap<TokenHash, Identity> young = present(now).young();
            young.put(token, identity);
            if (young.size() >= MAX_GENERATION) {
                turn(young, now);
            }
        }
    }

    /** The number of entries, some of which may have expired. */
    int size() {
        Generations present = generations;
        return present.young().size() + present.old().size();
    }

    private Generations present(Instant now) {
        Generations known = generations;
        return known.isPresent(now) ? known : turn(known.young(), now);
    }

    /** Makes the young generation the old one, unless another thread just did. */
    private synchronized Generations turn(ConcurrentMap<TokenHash, Identity> young, Instant now) {
        Generations known = generations;
        if (known.young() == young) {
            known = known.turned(now);
            generations = known;
        }
        return known;
    }

    private static ConcurrentMap<TokenHash, Identity> none() {
        return new ConcurrentHashMap<>(1);
    }

    private static boolean isCurrent(Identity identity, Instant now) {
        return identity.expiresAt() != null && now.isBefore(identity.expiresAt());
    }

    /** @param turnsAt when the younger generation becomes the older one */
    private record Generations(
            ConcurrentMap<TokenHash, Identity> young, ConcurrentMap<TokenHash, Identity> old, Instant turnsAt) {
        /** False also before the generation began: the clock was set back, and entries would live too long. */
        boolean isPresent(Instant now) {
            return now.isBefore(turnsAt) && !now.isBefore(turnsAt.minus(GENERATION));
        }

        Generations turned(Instant now) {
            if (isPresent(now)) {
                return new Generations(new ConcurrentHashMap<>(), young, turnsAt); // it is full
            }
            // counted from when it was to turn and not from now: there may have been no call for minutes
            Instant end = turnsAt.plus(GENERATION);
            return now.isBefore(turnsAt) || !now.isBefore(end)
                    ? new Generations(new ConcurrentHashMap<>(), none(), now.plus(GENERATION))
                    : new Generations(new ConcurrentHashMap<>(), young, end);
        }
    }
}
