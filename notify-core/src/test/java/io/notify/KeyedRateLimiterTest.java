package io.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeyedRateLimiterTest {
    private static final long MILLI = 1_000_000;
    private final AtomicLong now = new AtomicLong(-7);
    private final KeyedRateLimiter<String> limiter = new KeyedRateLimiter<>(2, Duration.ofMillis(100), 1_000, now::get);

    @Test
    void eachKeyHasALimitOfItsOwn() {
        assertThat(limiter.tryAcquire("a")).isZero();
        assertThat(limiter.tryAcquire("a")).isZero();
        assertThat(limiter.tryAcquire("a")).isEqualTo(100);
        assertThat(limiter.tryAcquire("b")).isZero();

        now.addAndGet(100 * MILLI);
        assertThat(limiter.tryAcquire("a")).isZero();
    }

    @Test
    void severalPassTogetherOrNotAtAll() {
        assertThat(limiter.tryAcquire("a", 3)).isEqualTo(100);
        assertThat(limiter.tryAcquire("a", 1)).isZero();
        assertThat(limiter.tryAcquire("a", 2)).isEqualTo(100);
        assertThat(limiter.tryAcquire("a", 1)).isZero();
        assertThat(limiter.tryAcquire("a", Integer.MAX_VALUE)).isEqualTo(100);
    }

    @Test
    void whatIsCountedOnlyOnFailureCanBeAskedFirst() {
        for (int i = 0; i < 10; i++) {
            assertThat(limiter.retryAfterMillis("a")).isZero();
        }
        limiter.tryAcquire("a");
        limiter.tryAcquire("a");

        assertThat(limiter.retryAfterMillis("a")).isEqualTo(100);
        assertThat(limiter.retryAfterMillis("b")).isZero();
    }

    @Test
    void askingAgainAndAgainDoesNotLengthenTheWindow() {
        limiter.tryAcquire("a");
        limiter.tryAcquire("a");
        now.addAndGet(90 * MILLI);
        assertThat(limiter.tryAcquire("a")).isEqualTo(10);
        now.addAndGet(10 * MILLI);

        assertThat(limiter.tryAcquire("a")).isZero();
    }

    @Test
    void manyThreadsTogetherGetNoMoreThanTheLimit() throws Exception {
        KeyedRateLimiter<String> shared = new KeyedRateLimiter<>(1_000, Duration.ofHours(1), 10, now::get);
        AtomicInteger passed = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int t = 0; t < 4; t++) {
            threads.execute(() -> {
                for (int i = 0; i < 2_000; i++) {
                    if (shared.tryAcquire("a") == 0) {
                        passed.incrementAndGet();
                    }
                }
            });
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(passed).hasValue(1_000);
    }

    @Test
    void wrongNumbersFailAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyedRateLimiter<>(0, Duration.ofSeconds(1), 1, now::get));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyedRateLimiter<>(1, Duration.ofSeconds(-1), 1, now::get));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyedRateLimiter<>(1, Duration.ofSeconds(1), 0, now::get));
    }
}
