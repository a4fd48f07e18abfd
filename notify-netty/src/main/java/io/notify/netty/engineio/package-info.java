/**
 * Engine.IO v4: sessions over HTTP long-polling and WebSocket, and the upgrade from polling to WebSocket. Internal to
 * notify-netty.
 *
 * <p>{@code EnginePacket}, {@code EnginePayload}, {@code EncodedPacket}, {@code EngineRequest}, {@code EngineError} and
 * {@code OpenPacket} are the codec, which is stateless. All other state of a session belongs to its event loop.
 */
@NullMarked
package io.notify.netty.engineio;

import org.jspecify.annotations.NullMarked;
