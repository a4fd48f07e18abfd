package io.notify;

/**
 * One of the threads that own connections: an event loop as the core sees it. Made by {@link Gateway#lane}; whatever
 * belongs to a lane's connections is touched by its thread alone, so it needs no lock.
 */
public sealed interface Lane permits EventLane {
    /** Runs a task on the lane's thread, after those handed over before. Any thread; a closed lane drops it. */
    void execute(Runnable task);

    /** Tells every connection to come back elsewhere, because this server stops. Any thread; does not wait. */
    void disconnectAll();

    /**
     * Tells so much of its connections to come back elsewhere, rounded up; with {@code parts} counting down to 1, call by
     * call, it empties evenly. Any thread; does not wait.
     *
     * @param parts one in so many; 1 for all
     */
    void disconnectPart(int parts);

    /** Forgets the lane; its connections must be closed before. */
    void close();
}
