package io.notify;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one room, partitioned by lane. Each part is confined to its lane's thread, so a join costs the same in a
 * room of one and of a million, and a broadcast takes no lock.
 */
final class Room {
    private final String key;
    private volatile @Nullable Part[] parts = new Part[0];
    /** The number of members on all lanes; guarded by the index's lock on this room's key. */
    private int total;

    Room(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    Room counted(int change) {
        total += change;
        return this;
    }

    boolean isEmpty() {
        return total == 0;
    }

    /** Returns the number of members on a lane. Any thread. */
    int size(int lane) {
        Part part = part(lane);
        return part == null ? 0 : part.size;
    }

    Membership add(LaneMember connection) {
        int lane = connection.laneSlot();
        Part part = part(lane);
        if (part == null) {
            part = new Part();
            grow(lane, part);
        }
        return part.add(this, connection);
    }

    void remove(Membership member) {
        Part part = part(member.connection.laneSlot());
        if (part != null) {
            part.remove(member);
        }
    }

    /** Offers an event to all members on a lane. Called on the lane. Returns the number of members that took it. */
    int deliver(int lane, OutboundEvent event) {
        Part part = part(lane);
        return part == null ? 0 : part.deliver(event);
    }

    private @Nullable Part part(int lane) {
        @Nullable Part[] all = parts;
        return lane < all.length ? all[lane] : null;
    }

    private synchronized void grow(int lane, Part part) {
        @Nullable Part[] next = Arrays.copyOf(parts, Math.max(parts.length, lane + 1));
        next[lane] = part;
        parts = next;
    }

    /** One connection's membership of one room. It knows its slot, so that leaving needs no search. */
    static final class Membership {
        final Room room;
        final LaneMember connection;
        private int slot;

        private Membership(Room room, LaneMember connection, int slot) {
            this.room = room;
            this.connection = connection;
            this.slot = slot;
        }
    }

    /** The members on one lane, unordered. */
    private static final class Part {
        private @Nullable Membership[] members = new Membership[1];
        /** Volatile: a sender reads it to find the lanes to wake. A send sees all members that were added before it. */
        private volatile int size;

        Membership add(Room room, LaneMember connection) {
            int slot = size;
            if (slot == members.length) {
                members = Arrays.copyOf(members, slot * 2);
            }
            Membership member = new Membership(room, connection, slot);
            members[slot] = member;
            size = slot + 1;
            return member;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the lane
        void remove(Membership member) {
            int last = size - 1;
            Membership moved = members[last];
            if (moved != null && moved != member) {
                members[member.slot] = moved;
                moved.slot = member.slot;
            }
            members[last] = null;
            size = last;
        }

        /** From the end: a member that leaves while it is offered an event moves only a member already visited. */
        int deliver(OutboundEvent event) {
            int taken = 0;
            for (int i = size - 1; i >= 0; i--) {
                Membership member = members[i];
                if (member != null && member.connection.deliver(event)) {
                    taken++;
                }
            }
            return taken;
        }
    }
}
