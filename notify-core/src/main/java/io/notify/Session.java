package io.notify;

/**
 * A transport's end of one connection: takes what is to be written to it.
 *
 * <p>Every method is called on the {@link Lane} that the session was opened with, except {@link #close}, which any thread
 * may call. None blocks and none throws, also when the peer is gone. {@code SessionContract} is the test.
 */
public interface Session {
    /** What the client knows itself by: Socket.IO's {@code socket.id}. */
    String id();

    Transport transport();

    /**
     * Takes an event for writing, without flushing. A volatile event that would exceed the connection's bound is dropped;
     * any other one that would makes the session close itself, with {@link CloseReason#TOO_SLOW}.
     *
     * @return whether it was taken
     */
    boolean offer(OutboundEvent event);

    /**
     * Whether so many bytes more would leave half of the connection's bound free, or nothing waits at all. A replay waits for
     * it, so that who missed much is not cut off for it; what is live does not ask.
     */
    default boolean hasRoom(int bytes) {
        return true;
    }

    /** Hands what was offered to the network, in one go. */
    void flush();

    /**
     * Ends the connection after what was taken so far, in the way the transport's clients understand. The adapter then
     * calls {@link Connection#closed()}. Doing it again does nothing.
     */
    void close(CloseReason reason);
}
