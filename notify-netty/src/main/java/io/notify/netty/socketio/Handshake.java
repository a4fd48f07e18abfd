package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of a client with a namespace. Immutable, except for the tree of {@code auth}, which must not be modified.
 *
 * @param namespace name with a leading slash
 * @param auth object that the client sent for this namespace; empty if it sent none
 * @param query decoded query parameters of the request that opened the session, without those of Engine.IO
 * @param headers headers of that request by lower-case name; several values are joined by commas
 * @param remoteAddress address of the peer, which is a proxy if there is one
 * @param transport {@code polling} or {@code websocket}, at the time of the handshake
 */
public record Handshake(
        String namespace,
        JsonNode auth,
        Map<String, List<String>> query,
        Map<String, String> headers,
        InetSocketAddress remoteAddress,
        String transport) {

    /** Returns the first value of a query parameter, or null. */
    public @Nullable String queryParameter(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.get(0);
    }
}
