package io.notify;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection as an application's event handler sees it. Thread-safe; no method blocks. */
public interface Client {
    /** The id by which the client knows this connection: Socket.IO's {@code socket.id}. */
    String socketId();

    Identity identity();

    /** The sign-in session: the token's, or one created for this connection. */
    String sessionId();

    Transport transport();

    /** The names of the rooms that the connection is in at this moment. */
    Set<String> rooms();

    /**
     * Sends an event to this connection only. The event is dropped if the connection is closed or too far behind.
     *
     * @param event its name
     * @param data any value that the service's ObjectMapper can write
     */
    void emit(String event, @Nullable Object data);

    /** Joins a room on the host's behalf; the room policy does not apply. */
    void join(String room);

    /** Leaves a room. */
    void leave(String room);

    /** Closes the connection. The client may reconnect. */
    void disconnect();
}
