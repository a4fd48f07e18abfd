package io.notify;

import java.util.Collection;
import java.util.List;

/**
 * Decides which free rooms a client may join by itself. Rooms of users, roles and sessions are never asked about: they
 * belong to their owners, and ADMIN may join any.
 *
 * <p>Called on event loops: it must not block. An exception counts as a no and is logged.
 */
@FunctionalInterface
public interface RoomPolicy {
    /** Whether {@code identity} may join {@code room}, whose name has been checked. */
    boolean mayJoin(Identity identity, String room);

    /** Nobody joins any room by themselves. */
    static RoomPolicy none() {
        return (identity, room) -> false;
    }

    /** Everybody may join every free room. */
    static RoomPolicy all() {
        return (identity, room) -> true;
    }

    /**
     * Everybody may join rooms with these names.
     *
     * @param patterns names; one that ends with {@code *} is a prefix, as {@code job:*}
     */
    static RoomPolicy matching(Collection<String> patterns) {
        List<String> all = List.copyOf(patterns);
        all.forEach(pattern -> Names.visible("room pattern", pattern));
        return (identity, room) -> all.stream()
                .anyMatch(p -> p.endsWith("*") ? room.startsWith(p.substring(0, p.length() - 1)) : room.equals(p));
    }
}
