package io.notify;

/**
 * The transport's end of one connection: accepts events and writes them to the client.
 *
 * <p>All methods are called on the {@link Lane} that the connection was opened on, except {@link #close}, which any thread may
 * call. No method blocks or throws, even if the peer is gone. {@code TransportSessionContract} tests an implementation.
 */
public interface TransportSession {
    /** The id by which the client knows this connection: Socket.IO's {@code socket.id}. */
    String id();

    Transport transport();

    /**
     * Accepts an event for writing, without flushing. If the event would exceed the connection's outbound bound, a volatile
     * event is dropped; any other event makes the session close itself with {@link CloseReason#TOO_SLOW}.
     *
     * @return whether the event was accepted
     */
    boolean offer(OutboundEvent event);

    /**
     * Returns whether this many more bytes would leave half of the connection's bound free, or no bytes are pending. A replay
     * waits for this condition, so that a client is not disconnected for having missed much. Live delivery does not check it.
     */
    default boolean hasRoom(int bytes) {
        return true;
    }

    /** Writes the accepted events to the network, in one go. */
    void flush();

    /**
     * Closes the connection after the events accepted so far, in the way the transport's clients expect. The adapter then
     * calls {@link Connection#closed}. Idempotent.
     */
    void close(CloseReason reason);
}
