package io.notify.netty.http;

/** Hears a WebSocket. Internal to notify-netty. Called on its event loop; must not block. */
public interface WebSocketListener {
    /** A whole text message came in; it is valid Unicode. */
    void onText(String text);

    /** A whole binary message came in; the array is the listener's. */
    void onBinary(byte[] bytes);

    /** The answer to a ping, or an unasked one. */
    default void onPong() {}

    /**
     * Nothing more comes in. Called once, whoever ended it, also from within {@link WebSocket#close}.
     *
     * @param code the peer's or ours; 1006 if the connection broke
     */
    void onClose(int code);
}
