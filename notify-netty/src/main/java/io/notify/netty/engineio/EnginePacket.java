package io.notify.netty.engineio;

/** One packet from a client. Pure; binary messages have their own type. */
sealed interface EnginePacket {

    /**
     * A packet with a type digit.
     *
     * @param data what stands behind the digit
     */
    record Text(Type type, String data) implements EnginePacket {}

    /** A binary message. */
    @SuppressWarnings("ArrayRecordComponent") // a value that is handed on, never compared
    record Binary(byte[] data) implements EnginePacket {}

    /** In the order of their digits. */
    enum Type {
        OPEN,
        CLOSE,
        PING,
        PONG,
        MESSAGE,
        UPGRADE,
        NOOP
    }
}
