package io.notify.runner;

/** A server that listens. */
interface Node extends AutoCloseable {
    /** The port it listens on, also where any free one was asked for. */
    int port();

    /** Ends it: clients go elsewhere, what is queued is written. Blocks until it is done; a second call does nothing. */
    @Override
    void close();

    /** Puts the parts together. */
    @FunctionalInterface
    interface Starter {
        /**
         * Starts.
         *
         * @throws ConfigurationException if it cannot with this configuration, as when the port is taken
         */
        Node start(Configuration configuration, Keys keys);
    }
}
