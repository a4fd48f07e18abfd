package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The core's end of one connection: the transport reports to it. All methods but {@link #identity} are called on the
 * connection's {@link Lane}, in the order of the events they report. None blocks or throws.
 */
public interface Connection {
    /**
     * A client event arrived. Every event is answered through {@code reply}, now or later.
     *
     * @param event its name, unchecked
     * @param data its first argument; JSON null if it had none
     * @param reply accepts the answer
     */
    void receive(String event, JsonNode data, Reply reply);

    /** A message arrived that is not an event. The client is answered {@code INVALID_PAYLOAD}. */
    void receiveMalformed(Reply reply);

    /** {@link TransportSession#transport()} has changed, as after an upgrade. */
    void transportChanged();

    /** The client closed the connection. Idempotent. */
    default void closed() {
        closed(null);
    }

    /**
     * The connection was closed. Idempotent.
     *
     * @param reason the first argument to {@link TransportSession#close}; null if the client closed the connection
     */
    void closed(@Nullable CloseReason reason);

    /** The authenticated user, as of the last token. Any thread. */
    Identity identity();
}
