package io.notify;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which rooms somebody may join by themselves: ADMIN may join any room. Others may join the rooms that the policy allows, but no personal room. */
final class RoomRights {
    private static final Logger LOG = LoggerFactory.getLogger(RoomRights.class);

    private final RoomPolicy policy;

    RoomRights(RoomPolicy policy) {
        this.policy = policy;
    }

    boolean mayJoin(Identity identity, String room) {
        if (identity.hasRole("ADMIN")) {
            return true;
        }
        if (Audience.Room.isPersonal(room)) {
            return false;
        }
        try {
            return policy.mayJoin(identity, room);
        } catch (RuntimeException e) {
            LOG.error("the room policy failed", e);
            return false;
        }
    }
}
