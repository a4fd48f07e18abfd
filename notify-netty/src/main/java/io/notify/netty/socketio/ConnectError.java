package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * The error that a refused client's {@code connect_error} handler gets. Immutable.
 *
 * @param message {@code message} of the client's {@code Error}
 * @param data {@code data} of the client's {@code Error}; a missing node for none
 */
public record ConnectError(String message, JsonNode data) {
    static final ConnectError INVALID_NAMESPACE = ConnectError.of("Invalid namespace");

    /** Returns an error without data. */
    public static ConnectError of(String message) {
        return new ConnectError(message, MissingNode.getInstance());
    }

    /** Returns an error with {@code data.code}, which programs can compare. */
    public static ConnectError of(String message, String code) {
        return new ConnectError(message, JsonNodeFactory.instance.objectNode().put("code", code));
    }
}
