package io.notify.benchmarks.faults;

import java.util.concurrent.TimeUnit;

/** The longest time between two beats. Any thread. */
final class Pulse {
    private long last;
    private long longest;

    synchronized void beat() {
        long now = System.nanoTime();
        if (last != 0) {
            longest = Math.max(longest, now - last);
        }
        last = now;
    }

    /** What follows is another story: the pause before it counts for nothing. */
    synchronized void restart() {
        last = 0;
    }

    synchronized long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }
}
