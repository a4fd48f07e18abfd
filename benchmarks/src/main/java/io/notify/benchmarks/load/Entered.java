package io.notify.benchmarks.load;

/** Fired up a client's pipeline when the server has said {@code connected}: signed in, and live. */
enum Entered {
    ENTERED
}
