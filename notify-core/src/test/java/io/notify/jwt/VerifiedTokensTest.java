package io.notify.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import io.notify.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");

    private final VerifiedTokens tokens = new VerifiedTokens();

    @Test
    void isRememberedForTwoAndAHalfMinutesAtLeast() {
        tokens.remember(hash(1), who("ann"), START);

        assertThat(tokens.find(hash(1), START.plusSeconds(149))).isEqualTo(who("ann"));
        assertThat(tokens.find(hash(2), START)).isNull();
    }

    @Test
    void isForgottenAfterFiveMinutesHoweverOftenItIsShown() {
        tokens.remember(hash(1), who("ann"), START);

        for (int second = 0; second < 300; second += 10) {
            tokens.find(hash(1), START.plusSeconds(second));
        }
        assertThat(tokens.find(hash(1), START.plusSeconds(300))).isNull();
    }

    @Test
    void isForgottenAfterFiveMinutesInWhichNobodyCame() {
        tokens.remember(hash(1), who("ann"), START);

        assertThat(tokens.find(hash(1), START.plusSeconds(300))).isNull();
    }

    @Test
    void isForgottenAfterFiveMinutesAlsoIfItCameLateInItsGeneration() {
        tokens.find(hash(1), START);
        Instant late = START.plusSeconds(149);
        tokens.remember(hash(1), who("ann"), late);

        assertThat(tokens.find(hash(1), late.plusSeconds(150))).isEqualTo(who("ann"));
        assertThat(tokens.find(hash(1), late.plusSeconds(300))).isNull();
    }

    @Test
    void isForgottenAfterFiveMinutesAlsoIfTheClockWasSetBackBefore() {
        tokens.find(hash(1), START.plus(Duration.ofHours(6)));
        tokens.remember(hash(1), new Identity("ann", Set.of(), null, START.plus(Duration.ofDays(1))), START);

        assertThat(tokens.find(hash(1), START.plusSeconds(149))).isNotNull();
        assertThat(tokens.find(hash(1), START.plusSeconds(300))).isNull();
    }

    @Test
    void isNotKnownPastItsEnd() {
        Identity brief = new Identity("ann", Set.of(), null, START.plusSeconds(10));
        tokens.remember(hash(1), brief, START);
        tokens.remember(hash(2), brief, START.plusSeconds(10));

        assertThat(tokens.find(hash(1), START.plusSeconds(9))).isEqualTo(brief);
        assertThat(tokens.find(hash(1), START.plusSeconds(10))).isNull();
        assertThat(tokens.size()).isEqualTo(1);
    }

    @Test
    void holdsAHundredThousandAtMostAndTheNewestFiftyThousandSurely() {
        for (int i = 0; i < 250_000; i++) {
            tokens.remember(hash(i), who("ann"), START);
        }

        assertThat(tokens.size()).isLessThanOrEqualTo(100_000);
        for (int i = 200_000; i < 250_000; i++) {
            assertThat(tokens.find(hash(i), START)).isNotNull();
        }
    }

    private static TokenHash hash(int i) {
        return new TokenHash(i, 0, 0, 0);
    }

    private static Identity who(String user) {
        return new Identity(user, Set.of(), null, START.plus(Duration.ofHours(1)));
    }
}
