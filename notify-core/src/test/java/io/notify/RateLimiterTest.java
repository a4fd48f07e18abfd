package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {
    private static final long MILLI = 1_000_000;
    private final RateLimiter limiter = new RateLimiter(3, Duration.ofMillis(100));

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MAX_VALUE - 50 * MILLI, Long.MIN_VALUE})
    void atMostTheLimitPassesInAWindowWhereverTheClockStands(long start) {
        assertThat(limiter.tryAcquire(start)).isZero();
        assertThat(limiter.tryAcquire(start + 10 * MILLI)).isZero();
        assertThat(limiter.tryAcquire(start + 20 * MILLI)).isZero();
        assertThat(limiter.tryAcquire(start + 30 * MILLI)).isEqualTo(70);
        assertThat(limiter.tryAcquire(start + 100 * MILLI)).isZero();
    }

    @Test
    void whoComesBackWhenToldIsLetIn() {
        for (int i = 0; i < 3; i++) {
            limiter.tryAcquire(0);
        }
        long now = 33 * MILLI + 1;

        long retryAfter = limiter.tryAcquire(now);

        assertThat(retryAfter).isEqualTo(67);
        assertThat(limiter.tryAcquire(now + retryAfter * MILLI)).isZero();
    }

    @Test
    void aRefusalSaysAtLeastOneMillisecond() {
        for (int i = 0; i < 3; i++) {
            limiter.tryAcquire(0);
        }

        assertThat(limiter.tryAcquire(100 * MILLI - 1)).isEqualTo(1);
    }

    @Test
    void askingCountsNothing() {
        for (int i = 0; i < 10; i++) {
            assertThat(limiter.retryAfterMillis(0)).isZero();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(limiter.tryAcquire(0)).isZero();
        }
        assertThat(limiter.retryAfterMillis(40 * MILLI)).isEqualTo(60);
        assertThat(limiter.retryAfterMillis(100 * MILLI)).isZero();
        assertThat(limiter.exhausted()).isFalse();
    }

    @Test
    void patienceEndsAfterMoreThanFiveTimesTheLimitInOneWindow() {
        for (int i = 0; i < 3 + 15; i++) {
            limiter.tryAcquire(i);
        }
        assertThat(limiter.exhausted()).isFalse();
        limiter.tryAcquire(20);
        assertThat(limiter.exhausted()).isTrue();

        limiter.tryAcquire(100 * MILLI);
        assertThat(limiter.exhausted()).isFalse();
    }

    @Test
    void theLargestLimitDoesNotOverflow() {
        RateLimiter large = new RateLimiter(Integer.MAX_VALUE, Duration.ofDays(365));
        large.tryAcquire(0);

        assertThat(large.exhausted()).isFalse();
    }

    @Test
    void limitAndWindowArePositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimiter(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimiter(1, Duration.ZERO));
    }
}
