package io.notify.netty.engineio;

/** Hears one session. Internal to notify-netty. Called on the session's event loop; must not block. */
public interface EngineListener {
    /**
     * A text message came in.
     *
     * @throws MalformedPacketException to end the session as one that sent nonsense
     */
    void onText(String text) throws MalformedPacketException;

    /**
     * A binary message came in; the array is the listener's.
     *
     * @throws MalformedPacketException to end the session as one that sent nonsense
     */
    void onBinary(byte[] bytes) throws MalformedPacketException;

    /** The time of {@link EngineSession#wakeAt} has come, or is past by some milliseconds. */
    default void onWake() {}

    /** The session is on a WebSocket from now on. */
    default void onUpgrade() {}

    /** The session is over, whoever ended it. Called once. */
    void onClose(EngineCloseReason reason);
}
