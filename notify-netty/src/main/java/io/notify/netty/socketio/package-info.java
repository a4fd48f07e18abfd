/**
 * Socket.IO v5. {@link io.notify.netty.socketio.SocketIoServer} is a server with namespaces, rooms, acknowledgements and
 * binary data, for applications with their own events. The endpoint that it uses is internal to notify-netty.
 *
 * <p>{@code SocketPacket}, {@code PacketDecoder}, {@code PacketAssembler} and {@code PacketEncoder} are the codec, which
 * sees no channel.
 */
@NullMarked
package io.notify.netty.socketio;

import org.jspecify.annotations.NullMarked;
