package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A client asks to connect to a namespace. Internal to notify-netty.
 *
 * @param namespace as the client wrote it, with its leading slash
 * @param auth the object it sent along; empty if it sent none
 */
public record ConnectAttempt(SocketIoClient client, String namespace, JsonNode auth) {}
