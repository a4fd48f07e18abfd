package io.notify.benchmarks.load;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits that end: when it is so, when the time is over, or when the server is no more. */
final class Patience {
    private static final long STEP_MILLIS = 5;

    private final Check server;

    /** Throws, with what is known, if what is waited for can never come. */
    @FunctionalInterface
    interface Check {
        void alive() throws IOException;
    }

    Patience(Check server) {
        this.server = server;
    }

    /** Whether it came to be so in time. */
    boolean await(BooleanSupplier condition, long seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            server.alive();
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
        }
        return true;
    }

    /** Lets the time pass. */
    void pass(long seconds) throws IOException, InterruptedException {
        await(() -> false, seconds);
    }
}
