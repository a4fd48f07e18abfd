package io.notify.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final int CLIENTS = 3;

    private final Ledger everyone = new Ledger(new Traffic(true, CLIENTS, 1, 0, false));
    private final Ledger inTurn = new Ledger(new Traffic(false, CLIENTS, 1, 0, false));

    @Test
    void aNoteIsMissingUntilAllHaveIt() {
        everyone.sending();
        for (int client = 0; client < CLIENTS; client++) {
            assertThat(everyone.missing()).isEqualTo(CLIENTS - client);
            assertThat(everyone.arrived(client, note(0))).isTrue();
        }

        assertThat(everyone.missing()).isZero();
        assertThat(everyone.unexpected()).isZero();
    }

    @Test
    void theSameNoteTwiceIsCountedAndMakesUpForNoOther() {
        everyone.sending();
        everyone.arrived(0, note(0));

        assertThat(everyone.arrived(0, note(0))).isFalse();
        assertThat(everyone.unexpected()).isOne();
        assertThat(everyone.missing()).isEqualTo(2);
    }

    @Test
    void aNoteOfAnotherUserIsCountedAndMakesUpForNoOther() {
        inTurn.sending();

        assertThat(inTurn.arrived(1, note(CLIENTS))).isFalse();
        assertThat(inTurn.arrived(0, note(CLIENTS))).isTrue();
        assertThat(inTurn.unexpected()).isOne();
        assertThat(inTurn.missing()).isZero();
    }

    @Test
    void latenciesCountFromTheTimeThatTheNoteCarries() {
        everyone.sending();
        everyone.arrived(0, new Note(0, System.nanoTime() - 5_000_000_000L));

        assertThat(everyone.latencies().getMaxValue()).isBetween(5_000_000_000L, 60_000_000_000L);
        assertThat(everyone.latencies().getTotalCount()).isZero();
    }

    private static Note note(long number) {
        return new Note(number, System.nanoTime());
    }
}
