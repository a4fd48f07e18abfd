package io.notify.netty.http;

/** Receives the events of one WebSocket. Called on its event loop; must not block. Internal to notify-netty. */
public interface WebSocketListener {
    /** Called for a complete text message, which is valid Unicode. */
    void onText(String text);

    /** Called for a complete binary message. The listener owns the array. */
    void onBinary(byte[] bytes);

    /** Called for a pong, solicited or not. */
    default void onPong() {}

    /**
     * Called once, when no more messages arrive, whichever side has closed; also from within {@link WebSocket#close}.
     *
     * @param code the status code of whichever side closed first; 1006 if the connection broke
     */
    void onClose(int code);
}
