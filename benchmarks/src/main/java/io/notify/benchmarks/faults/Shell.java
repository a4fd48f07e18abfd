package io.notify.benchmarks.faults;

import java.io.IOException;

/** What only the machine's own commands can do. */
final class Shell {
    private Shell() {}

    /** @throws IOException if it does not end with 0 */
    static void run(String... words) throws IOException {
        Process process = new ProcessBuilder(words).inheritIO().start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", words) + " ended with " + process.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
