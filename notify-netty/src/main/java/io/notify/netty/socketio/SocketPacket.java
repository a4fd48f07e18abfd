package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One Socket.IO packet of a client.
 *
 * @param ackId 0 or more, or {@link #NO_ACK}
 * @param attachments number of binary messages that follow
 * @param data array of an event or acknowledgement, object of a CONNECT, or a missing node
 */
record SocketPacket(Type type, String namespace, long ackId, int attachments, JsonNode data) {
    static final long NO_ACK = -1;

    /** In the order of their digits. */
    enum Type {
        CONNECT('0'),
        DISCONNECT('1'),
        EVENT('2'),
        ACK('3'),
        CONNECT_ERROR('4'),
        BINARY_EVENT('5'),
        BINARY_ACK('6');

        private final char digit;

        Type(char digit) {
            this.digit = digit;
        }

        char digit() {
            return digit;
        }

        boolean isBinary() {
            return this == BINARY_EVENT || this == BINARY_ACK;
        }
    }
}
