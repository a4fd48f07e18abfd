/**
 * Engine.IO v4: sessions over HTTP long-polling and WebSocket, and the upgrade from one to the other. Internal to
 * notify-netty.
 *
 * <p>{@code EnginePacket}, {@code EnginePayload}, {@code EncodedPacket}, {@code EngineRequest}, {@code EngineError} and
 * {@code OpenPacket} are the pure codec; everything else of a session is touched by its one event loop.
 */
@NullMarked
package io.notify.netty.engineio;

import org.jspecify.annotations.NullMarked;
