package io.notify.netty.socketio;

import io.notify.netty.engineio.EncodedPacket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Several sockets of a namespace, to be emitted to; each gets an event once. Immutable, any thread. */
public final class Broadcast {
    private final Namespace namespace;
    private final List<String> rooms;
    private final Set<SocketIoSocket> except;

    Broadcast(Namespace namespace, List<String> rooms, Set<SocketIoSocket> except) {
        this.namespace = namespace;
        this.rooms = rooms;
        this.except = except;
    }

    /** Those in this room as well. */
    public Broadcast to(String room) {
        List<String> more = new ArrayList<>(rooms);
        more.add(room);
        return new Broadcast(namespace, List.copyOf(more), except);
    }

    /** All but this socket. */
    public Broadcast except(SocketIoSocket socket) {
        Set<SocketIoSocket> more = new HashSet<>(except);
        more.add(socket);
        return new Broadcast(namespace, rooms, Set.copyOf(more));
    }

    /**
     * Sends an event, encoded once. Does not block; who joins or leaves meanwhile may or may not get it.
     *
     * @param arguments as of {@link SocketIoSocket#emit}
     * @throws IllegalArgumentException as of {@link SocketIoSocket#emit}
     */
    public void emit(String event, Object... arguments) {
        PacketEncoder encoder = namespace.encoder();
        List<EncodedPacket> packets =
                encoder.event(namespace.name(), SocketPacket.NO_ACK, encoder.arguments(event, arguments));
        for (NamespaceShard shard : namespace.shards()) {
            shard.loop().run(() -> shard.broadcast(rooms, except, packets));
        }
    }
}
