package io.notify.jwt;

import io.notify.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers who verified tokens are, never past their {@code exp} and at most five minutes, so that a key that was withdrawn
 * does not live on here. Refused tokens are not remembered: they would let anybody push the others out.
 *
 * <p>Tokens come into the younger of two generations, and the older one is dropped as a whole: what a new token costs is one
 * entry of a map, also for the first thousands who come back to a server that has just started. Any thread.
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

    /** How many are remembered, or were until a moment ago. */
    int size() {
        Generations present = generations;
        return present.young().size() + present.old().size();
    }

    private Generations present(Instant now) {
        Generations known = generations;
        return known.isPresent(now) ? known : turn(known.young(), now);
    }

    /** Makes what was the young generation the old one, unless somebody else just did. */
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

    /** @param turnsAt when the younger one is as old as a generation may get */
    private record Generations(
            ConcurrentMap<TokenHash, Identity> young, ConcurrentMap<TokenHash, Identity> old, Instant turnsAt) {
        /** Not so before it began either: the clock was set back, and would have to come all the way again. */
        boolean isPresent(Instant now) {
            return now.isBefore(turnsAt) && !now.isBefore(turnsAt.minus(GENERATION));
        }

        Generations turned(Instant now) {
            if (isPresent(now)) {
                return new Generations(new ConcurrentHashMap<>(), young, turnsAt); // it is full
            }
            // from when it was to turn, not from now: nobody may have asked for minutes
            Instant end = turnsAt.plus(GENERATION);
            return now.isBefore(turnsAt) || !now.isBefore(end)
                    ? new Generations(new ConcurrentHashMap<>(), none(), now.plus(GENERATION))
                    : new Generations(new ConcurrentHashMap<>(), young, end);
        }
    }
}
