package io.notify.netty.engineio;

/** Receives the events of one session. Called on its event loop; must not block. Internal to notify-netty. */
public interface EngineListener {
    /**
     * Called for a text message.
     *
     * @throws MalformedPacketException to end the session because of a malformed message
     */
    void onText(String text) throws MalformedPacketException;

    /**
     * Called for a binary message. The listener owns the array.
     *
     * @throws MalformedPacketException to end the session because of a malformed message
     */
    void onBinary(byte[] bytes) throws MalformedPacketException;

    /** Called at the time given to {@link EngineSession#wakeAt}, or a few milliseconds later. */
    default void onWake() {}

    /** Called when the session has been upgraded to a WebSocket. */
    default void onUpgrade() {}

    /** Called once, when the session has ended, by either side. */
    void onClose(EngineCloseReason reason);
}
