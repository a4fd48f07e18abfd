package io.notify;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rooms of one connection. Joined and left on the connection's lane; the names may be read by any thread.
 *
 * <p>The memberships are copied on each change. Joining is rare, and an idle connection keeps no second set of names.
 */
final class ConnectionRooms {
    private static final Room.Membership[] NONE = {};

    private final RoomIndex index;
    private final LaneMember member;
    private volatile Room.Membership[] memberships = NONE;
    /** Rooms joined on the host's behalf; the room policy does not apply to them. */
    private Set<String> joinedByHost = Set.of();

    private boolean closed;

    ConnectionRooms(RoomIndex index, LaneMember member) {
        this.index = index;
        this.member = member;
    }

    /** Joins a room by its audience key, unless the connection is in it. */
    void join(String key) {
        Room.Membership[] before = memberships;
        if (!closed && find(before, key) < 0) {
            Room.Membership[] after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = index.join(key, member);
            memberships = after;
        }
    }

    /** Joins a room on the host's behalf. */
    void joinForHost(String room) {
        Set<String> more = new LinkedHashSet<>(joinedByHost);
        more.add(room);
        joinedByHost = more;
        join(new Audience.Room(room).key());
    }

    void leaveRoom(String room) {
        if (joinedByHost.contains(room)) {
            Set<String> fewer = new LinkedHashSet<>(joinedByHost);
            fewer.remove(room);
            joinedByHost = fewer;
        }
        leave(new Audience.Room(room).key());
    }

    /** Leaves a room by its audience key, if the connection is in it. */
    void leave(String key) {
        Room.Membership[] before = memberships;
        int at = find(before, key);
        if (!closed && at >= 0) {
            Room.Membership[] after = Arrays.copyOf(before, before.length - 1);
            System.arraycopy(before, at + 1, after, at, after.length - at);
            memberships = after;
            index.leave(before[at]);
        }
    }

    /** Leaves all rooms for good, because the connection was closed. The names remain readable. */
    void close() {
        closed = true;
        for (Room.Membership membership : memberships) {
            index.leave(membership);
        }
    }

    boolean isJoinedByHost(String room) {
        return joinedByHost.contains(room);
    }

    /** Returns the audience keys of the rooms, in the order in which they were joined. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (Room.Membership membership : memberships) {
            keys.add(membership.room.key());
        }
        return keys;
    }

    /** Returns the names of the rooms. Any thread. */
    Set<String> names() {
        Room.Membership[] all = memberships;
        String[] names = new String[all.length];
        for (int i = 0; i < names.length; i++) {
            String key = all[i].room.key();
            names[i] = key.startsWith("room:") ? key.substring("room:".length()) : key;
        }
        return Set.of(names); // no two keys have the same name: Audience.Room
    }

    /** Returns the names of the rooms that do not belong to the connection by its token. */
    Set<String> namesExceptOwn(Identity identity, String sessionId) {
        return names().stream()
                .filter(name -> !isOwn(new Audience.Room(name).key(), identity, sessionId))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the same rooms as they are remembered for the session. */
    List<RoomMemory.SessionRoom> joined(Identity identity, String sessionId) {
        return namesExceptOwn(identity, sessionId).stream()
                .map(name -> new RoomMemory.SessionRoom(name, isJoinedByHost(name)))
                .toList();
    }

    /** Returns whether a connection belongs to a room by its token rather than by joining. */
    static boolean isOwn(String key, Identity identity, String sessionId) {
        return key.equals(Audience.user(identity.userId()).key())
                || key.equals(Audience.session(sessionId).key())
                || identity.roles().stream()
                        .anyMatch(role -> key.equals(Audience.role(role).key()));
    }

    private static int find(Room.Membership[] memberships, String key) {
        for (int i = 0; i < memberships.length; i++) {
            if (memberships[i].room.key().equals(key)) {
                return i;
            }
        }
        return -1;
    }
}
