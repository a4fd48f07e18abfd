package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client asked to connect to a namespace. Immutable, but for the tree of {@code auth}: do not change it.
 *
 * @param namespace with its leading slash
 * @param auth the object that the client sent for this namespace; empty if it sent none
 * @param query of the request that opened the session, decoded, without Engine.IO's own parameters
 * @param headers of that request by lower-case name, several values joined by a comma
 * @param remoteAddress the peer's; a proxy's if there is one in front
 * @param transport {@code polling} or {@code websocket}, at this moment
 */
public record Handshake(
        String namespace,
        JsonNode auth,
        Map<String, List<String>> query,
        Map<String, String> headers,
        InetSocketAddress remoteAddress,
        String transport) {

    /** The first value of a query parameter, or null. */
    public @Nullable String queryParameter(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.get(0);
    }
}
