package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The core's end of one connection. Called on its lane, in the order things happened. */
public interface Connection {
    /**
     * A client event came in; every one is answered through {@code reply}, now or later. Never throws and never blocks.
     *
     * @param event its name, unchecked
     * @param data its first argument; JSON null if it had none
     * @param reply how to answer
     */
    void receive(String event, JsonNode data, Reply reply);

    /** What came could not be read as an event; the client is told {@code INVALID_PAYLOAD}. */
    void receiveMalformed(Reply reply);

    /** The session's {@link Session#transport()} is another from now on, as after an upgrade. */
    void transportChanged();

    /** The client went. Doing it again does nothing. */
    default void closed() {
        closed(null);
    }

    /**
     * The transport is gone. Doing it again does nothing.
     *
     * @param reason what {@link Session#close} was called with first; null if the client went by itself
     */
    void closed(@Nullable CloseReason reason);

    /** Who is connected, as of the last token. */
    Identity identity();
}
