package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * Why a client may not connect to a namespace, as its {@code connect_error} handler gets it.
 *
 * @param message of the client's {@code Error}
 * @param data its {@code data}; missing if there is none
 */
public record ConnectError(String message, JsonNode data) {
    static final ConnectError INVALID_NAMESPACE = ConnectError.of("Invalid namespace");

    /** Without data. */
    public static ConnectError of(String message) {
        return new ConnectError(message, MissingNode.getInstance());
    }

    /** With {@code data.code}, by which a program tells errors apart. */
    public static ConnectError of(String message, String code) {
        return new ConnectError(message, JsonNodeFactory.instance.objectNode().put("code", code));
    }
}
