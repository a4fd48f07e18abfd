package io.notify;

/**
 * An event loop as the core sees it: one of the threads that own connections. Created by {@link Gateway#lane}. The state of a
 * lane's connections is confined to its thread, so it needs no lock.
 */
public interface Lane {
    /** Runs a task on the lane's thread, after the tasks submitted before. Any thread; a closed lane drops the task. */
    void execute(Runnable task);

    /**
     * Opens a connection: joins its rooms, replays the rows it missed, sends {@code connected}, then goes live without a gap.
     * Called on the lane; does not block. The session may be offered events before this method returns.
     */
    Connection open(ConnectRequest request, TransportSession session);

    /** Asks all connections to reconnect elsewhere, because this server stops. Any thread; does not wait. */
    void disconnectAll();

    /**
     * Asks one part of the connections, rounded up, to reconnect elsewhere. Calls with {@code parts} counting down to 1 empty
     * the lane evenly. Any thread; does not wait.
     *
     * @param parts the number of equal parts; 1 for all connections
     */
    void disconnectPart(int parts);

    /** Removes the lane. Its connections must have been closed. */
    void close();
}
