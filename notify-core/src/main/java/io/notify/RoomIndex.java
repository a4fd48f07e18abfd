package io.notify;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Finds a room by its audience key in constant time. A room exists exactly as long as it has a member. */
final class RoomIndex {
    private static final long BYTES_OF_ROOM = 350;

    private final ConcurrentMap<String, Room> rooms = new ConcurrentHashMap<>();

    /** Any thread. */
    @Nullable
    Room find(String key) {
        return rooms.get(key);
    }

    /** Called on the connection's lane. */
    Room.Membership join(String key, LaneMember connection) {
        Room room = rooms.compute(key, (k, known) -> (known == null ? new Room(k) : known).counted(1));
        return room.add(connection);
    }

    /** Called on the connection's lane. */
    void leave(Room.Membership member) {
        member.room.remove(member);
        rooms.computeIfPresent(member.room.key(), (k, room) -> room.counted(-1).isEmpty() ? null : room);
    }

    /** Returns an estimate of the memory that the rooms take, without their members. */
    long bytes() {
        return BYTES_OF_ROOM * rooms.size();
    }

    int size() {
        return rooms.size();
    }
}
