package io.notify.netty.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BacklogsTest {
    private static final int BOUND = 800;

    private final AtomicLong now = new AtomicLong();
    private final Backlogs backlogs = new Backlogs(1_000, now::get);

    private final class Waiting implements Backlogs.Backlog {
        private long pending;

        @Override
        public long pendingBytes() {
            return pending;
        }

        boolean take(int bytes) {
            boolean taken = backlogs.tryReserve(this, bytes, BOUND);
            pending += taken ? bytes : 0;
            return taken;
        }
    }

    @Test
    void whoIsLittleBehindIsNobodysConcern() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(new Waiting().take(BOUND / 8)).isTrue();
        }
    }

    @Test
    void thoseWellBehindTogetherHoldNoMoreThanTheShare() {
        List<Waiting> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(new Waiting());
        }
        for (int round = 0; round < 7; round++) {
            all.forEach(waiting -> waiting.take(101));
        }
        assertThat(all.stream().mapToLong(Waiting::pendingBytes).sum()).isBetween(900L, 1_000L);
    }

    @Test
    void whatWasTakenByTheNetworkOrClosedMakesRoomAgain() {
        Waiting first = new Waiting();
        Waiting second = new Waiting();
        assertThat(first.take(700)).isTrue();
        assertThat(second.take(400)).isFalse();
        first.pending = 0;
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(second.take(400)).isTrue();
    }
}
