package io.notify.netty.socketio;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A client's request to connect to a namespace. Internal to notify-netty.
 *
 * @param namespace name as the client sent it, with a leading slash
 * @param auth object that the client sent; empty if it sent none
 */
public record ConnectAttempt(SocketIoClient client, String namespace, JsonNode auth) {}
