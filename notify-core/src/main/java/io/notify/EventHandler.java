package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A host's answer to a custom event, over every two-way transport.
 *
 * <p>Called on the service's handler executor, one call at a time for each connection in the order the events came; it
 * may block. An exception becomes an {@code error} event to that client and is logged.
 */
@FunctionalInterface
public interface EventHandler {
    /**
     * Handles one event.
     *
     * @param client who sent it
     * @param data its first argument; {@code null} in JSON if it had none
     * @return the acknowledgement, if the client asked for one: anything the service's ObjectMapper writes, or null
     */
    @Nullable
    Object handle(Client client, JsonNode data) throws Exception;
}
