package io.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.notify.ReplayState.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayStateTest {
    private static final ReplayState PAUSED = ReplayState.paused(7);

    @ParameterizedTest
    @CsvSource({
        // live; cursor a-5
        "live,   a, 6, true,  SHOW",
        "live,   a, 9, true,  SHOW",
        "live,   a, 5, true,  SKIP",
        "live,   a, 4, true,  SKIP",
        "live,   b, 6, true,  SKIP",
        "live,   a, 6, false, SHOW",
        "live,   a, 5, false, SHOW",
        "live,   a, 4, false, SHOW_AT_CURSOR",
        "live,   b, 9, false, SHOW_AT_CURSOR",
        // paused
        "paused, a, 6, true,  NOTE",
        "paused, a, 4, true,  NOTE",
        "paused, b, 6, true,  NOTE",
        "paused, a, 6, false, SKIP",
        "paused, a, 4, false, SKIP",
    })
    void anEventIsShownOnceAndNeverMovesTheCursorBack(
            String state, String epoch, long seq, boolean stored, Action expected) {
        ReplayState replay = state.equals("live") ? ReplayState.LIVE : PAUSED;

        assertThat(replay.actionFor(new Position("a", 5), new Position(epoch, seq), stored))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // missed, replayed through, live afterwards
        "0,  0,  true",
        "0,  10, true",
        "10, 9,  false",
        "10, 10, true",
        "10, 11, true",
    })
    void aReplayEndsOnceItHasPassedEveryRowPublishedMeanwhile(long missed, long through, boolean live) {
        ReplayState next = PAUSED.missed(missed).replayedThrough(through);

        assertThat(next.isLive()).isEqualTo(live);
        assertThat(next.turn()).isEqualTo(live ? 0 : 7);
    }

    @Test
    void theHighestMissedNumberIsKept() {
        assertThat(PAUSED.missed(4).missed(9).missed(6)).isEqualTo(new ReplayState(7, 9));
    }

    @ParameterizedTest
    @CsvSource({"3, 5, 3", "5, 5, 5", "8, 5, 5"})
    void numbersBeyondTheBeginningOfAnEpochAreForgotten(long missed, long beginning, long expected) {
        assertThat(PAUSED.missed(missed).epochBegan(beginning).missedThrough()).isEqualTo(expected);
    }

    @Test
    void allLiveConnectionsShareOneState() {
        assertThat(ReplayState.paused(1).replayedThrough(0)).isSameAs(ReplayState.LIVE);
        assertThat(ReplayState.paused(2).replayedThrough(0)).isSameAs(ReplayState.LIVE);
        assertThat(ReplayState.LIVE.turn()).isZero();
    }
}
