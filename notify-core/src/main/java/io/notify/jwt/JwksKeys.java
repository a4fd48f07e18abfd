package io.notify.jwt;

import com.auth0.jwt.algorithms.Algorithm;
import io.notify.AuthenticationException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a remote key set. Fetches the set one fetch at a time, and at most once per interval, however many tokens name
 * unknown keys.
 */
final class JwksKeys implements JwtKeys {
    private static final Logger LOG = LoggerFactory.getLogger(JwksKeys.class);
    private static final Duration FRESH = Duration.ofHours(1);
    private static final Duration USABLE = Duration.ofDays(1);

    private final JwksSource source;
    private final Duration minInterval;
    private final Clock clock;
    private volatile Fetched fetched = new Fetched(JwkSet.empty(), Instant.MIN);
    private Instant lastAttempt = Instant.MIN;
    private @Nullable CompletableFuture<Fetched> running;

    JwksKeys(JwksSource source, Duration minInterval, Clock clock) {
        this.source = source;
        this.minInterval = minInterval;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Algorithm> find(@Nullable String kid) {
        Instant now = clock.instant();
        Fetched known = fetched;
        Algorithm key = known.find(kid, now);
        if (key == null) {
            return refresh(now).thenApply(fresh -> require(fresh.find(kid, now)));
        }
        if (known.isOlderThan(FRESH, now)) {
            // in the background: arrived() logs a failure
            var unused = refresh(now);
        }
        return CompletableFuture.completedFuture(key);
    }

    private static Algorithm require(@Nullable Algorithm key) {
        if (key == null) {
            throw new AuthenticationException(AuthenticationException.Reason.SIGNATURE, "the token's key is not known");
        }
        return key;
    }

    private synchronized CompletableFuture<Fetched> refresh(Instant now) {
        if (running != null) {
            return running;
        }
        if (lastAttempt.isAfter(now.minus(minInterval))) {
            return CompletableFuture.completedFuture(fetched);
        }
        lastAttempt = now;
        CompletableFuture<Fetched> fetch = source.fetch()
                .thenApply(document -> new Fetched(JwkSet.parse(document), now))
                .handle(this::arrived);
        // the fetch may have completed already, on this thread
        running = fetch.isDone() ? null : fetch;
        return fetch;
    }

    private synchronized Fetched arrived(@Nullable Fetched fresh, @Nullable Throwable failure) {
        running = null;
        if (fresh == null) {
            LOG.warn("the JWT keys could not be fetched; those known stay in use: {}", String.valueOf(failure));
        } else {
            fetched = fresh;
        }
        return fetched;
    }

    private record Fetched(JwkSet keys, Instant at) {
        @Nullable
        Algorithm find(@Nullable String kid, Instant now) {
            return isOlderThan(USABLE, now) ? null : keys.find(kid);
        }

        boolean isOlderThan(Duration age, Instant now) {
            return at.isBefore(now.minus(age));
        }
    }
}
