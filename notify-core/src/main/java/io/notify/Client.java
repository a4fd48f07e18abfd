package io.notify;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection as a host's handler sees it. Every method may be called by any thread and none blocks. */
public interface Client {
    /** What the client knows itself by: Socket.IO's {@code socket.id}. */
    String socketId();

    Identity identity();

    /** The sign-in session: the token's, or one made for this connection. */
    String sessionId();

    Transport transport();

    /** The names of the rooms it is in at this moment. */
    Set<String> rooms();

    /**
     * Sends an event to this connection alone; dropped silently if it is gone or too far behind.
     *
     * @param event its name
     * @param data anything the service's ObjectMapper writes
     */
    void emit(String event, @Nullable Object data);

    /** Puts it into a room, without asking the room policy. */
    void join(String room);

    /** Takes it out of a room. */
    void leave(String room);

    /** Ends the connection; the client may come back. */
    void disconnect();
}
