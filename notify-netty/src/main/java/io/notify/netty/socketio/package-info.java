/**
 * Socket.IO v5: a server with namespaces, rooms, acknowledgements and binary data for hosts that want events of their
 * own, {@link io.notify.netty.socketio.SocketIoServer}; and, internal to notify-netty, the endpoint beneath it.
 *
 * <p>{@code SocketPacket}, {@code PacketDecoder}, {@code PacketAssembler} and {@code PacketEncoder}
 * are the pure codec.
 */
@NullMarked
package io.notify.netty.socketio;

import org.jspecify.annotations.NullMarked;
