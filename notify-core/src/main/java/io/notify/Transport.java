package io.notify;

/** How a client is connected. */
public enum Transport {
    /** Socket.IO over WebSocket. */
    WEBSOCKET("websocket", true),
    /** Socket.IO over HTTP long-polling. */
    POLLING("polling", true),
    /** JSON frames over a bare WebSocket. */
    PLAIN_WEBSOCKET("plain-websocket", true),
    /** Server-Sent Events: nothing comes back. */
    SSE("sse", false);

    private final String wireName;
    private final boolean twoWay;

    Transport(String wireName, boolean twoWay) {
        this.wireName = wireName;
        this.twoWay = twoWay;
    }

    /** Its name in statistics. */
    public String wireName() {
        return wireName;
    }

    /** Whether the client can send events. */
    public boolean twoWay() {
        return twoWay;
    }
}
