package io.notify.netty.socketio;

import io.notify.netty.engineio.EncodedPacket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A selection of the sockets of a namespace. Each selected socket gets an event once. Immutable; any thread. */
public final class Broadcast {
    private final Namespace namespace;
    private final List<String> rooms;
    private final Set<SocketIoSocket> except;

    Broadcast(Namespace namespace, List<String> rooms, Set<SocketIoSocket> except) {
        this.namespace = namespace;
        this.rooms = rooms;
        this.except = except;
    }

    /** Returns a broadcast that adds the sockets of a room. */
    public Broadcast to(String room) {
        List<String> more = new ArrayList<>(rooms);
        more.add(room);
        return new Broadcast(namespace, List.copyOf(more), except);
    }

    /** Returns a broadcast that excludes a socket. */
    public Broadcast except(SocketIoSocket socket) {
        Set<SocketIoSocket> more = new HashSet<>(except);
        more.add(socket);
        return new Broadcast(namespace, rooms, Set.copyOf(more));
    }

    /**
     * Sends an event to the selected sockets. It is encoded once. Does not block; a socket that joins or leaves at the same
     * time may or may not get the event.
     *
     * @param arguments see {@link SocketIoSocket#emit}
     * @throws IllegalArgumentException see {@link SocketIoSocket#emit}
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
