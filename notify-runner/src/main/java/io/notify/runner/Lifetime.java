package io.notify.runner;

/** The process around a server: how it begins and when it ends. */
interface Lifetime {
    /** Called once, before anything logs. */
    void begins(LogLevel level, LogFormat format);

    /** Waits until the process is told to stop, and closes the node before it does. */
    void awaitEndThenClose(Node node) throws InterruptedException;
}
