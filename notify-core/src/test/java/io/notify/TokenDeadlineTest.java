package io.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TokenDeadlineTest {
    private static final Instant EXPIRY = Instant.ofEpochMilli(100_000);

    @Test
    void theWarningIsDueThirtySecondsBeforeTheExpiry() {
        TokenDeadline warning = new TokenDeadline(EXPIRY, false, 1);

        assertThat(warning.dueMillis()).isEqualTo(70_000);
        assertThat(warning.afterWarning().dueMillis()).isEqualTo(100_000);
        assertThat(warning.isExpired(99_999)).isFalse();
        assertThat(warning.isExpired(100_000)).isTrue();
    }

    @Test
    void deadlinesAreOrderedByTimeThenBySerial() {
        TokenDeadline warned = new TokenDeadline(EXPIRY, true, 1);
        TokenDeadline first = new TokenDeadline(EXPIRY, false, 2);
        TokenDeadline second = new TokenDeadline(EXPIRY, false, 3);
        TreeSet<TokenDeadline> deadlines = new TreeSet<>();
        deadlines.add(warned);
        deadlines.add(second);
        deadlines.add(first);

        assertThat(deadlines).containsExactly(first, second, warned);
    }
}
