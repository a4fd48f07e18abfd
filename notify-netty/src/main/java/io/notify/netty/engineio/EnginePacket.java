package io.notify.netty.engineio;

/** One packet from a client. Immutable. */
sealed interface EnginePacket {

    /**
     * A packet with a type digit.
     *
     * @param data the text after the digit
     */
    record Text(Type type, String data) implements EnginePacket {}

    /** A binary message, which has no type digit. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
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
