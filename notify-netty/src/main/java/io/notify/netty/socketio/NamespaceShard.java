package io.notify.netty.socketio;

import io.notify.netty.engineio.EncodedPacket;
import io.notify.netty.http.PortLoop;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The sockets of one namespace on one event loop, and their rooms. Holds no empty rooms. Event loop only. */
final class NamespaceShard {
    private final PortLoop loop;
    private final Set<SocketIoSocket> sockets = new LinkedHashSet<>();
    private final Map<String, Set<SocketIoSocket>> rooms = new HashMap<>();

    NamespaceShard(PortLoop loop) {
        this.loop = loop;
    }

    PortLoop loop() {
        return loop;
    }

    void add(SocketIoSocket socket) {
        sockets.add(socket);
    }

    void remove(SocketIoSocket socket, Collection<String> itsRooms) {
        sockets.remove(socket);
        itsRooms.forEach(room -> leave(room, socket));
    }

    void join(String room, SocketIoSocket socket) {
        rooms.computeIfAbsent(room, name -> new LinkedHashSet<>()).add(socket);
    }

    void leave(String room, SocketIoSocket socket) {
        rooms.computeIfPresent(room, (name, members) -> {
            members.remove(socket);
            return members.isEmpty() ? null : members;
        });
    }

    int size() {
        return sockets.size();
    }

    /** Offers the same packets to each socket in any of the rooms, or to all sockets if there are no rooms. */
    void broadcast(List<String> to, Set<SocketIoSocket> except, List<EncodedPacket> packets) {
        // Iterates over a copy, since a client that is too slow is disconnected, which removes it from the set.
        for (SocketIoSocket socket : targets(to)) {
            if (!except.contains(socket)) {
                socket.offer(packets, true);
            }
        }
    }

    private List<SocketIoSocket> targets(List<String> to) {
        if (to.isEmpty()) {
            return List.copyOf(sockets);
        }
        if (to.size() == 1) {
            return List.copyOf(rooms.getOrDefault(to.get(0), Set.of()));
        }
        Set<SocketIoSocket> targets = new HashSet<>();
        to.forEach(room -> targets.addAll(rooms.getOrDefault(room, Set.of())));
        return List.copyOf(targets);
    }
}
