package io.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionRoomsTest {
    private final RoomIndex index = new RoomIndex();
    private final ConnectionRooms rooms = new ConnectionRooms(index, new SilentMember());

    @Test
    void joiningAndLeavingAreIdempotent() {
        rooms.join("user:ann");
        rooms.join("room:lobby");
        rooms.join("room:lobby");
        assertThat(rooms.keys()).containsExactly("user:ann", "room:lobby");
        assertThat(rooms.names()).containsExactlyInAnyOrder("user:ann", "lobby");

        rooms.leave("room:lobby");
        rooms.leave("room:lobby");
        assertThat(rooms.keys()).containsExactly("user:ann");
        assertThat(index.size()).isOne();
    }

    @Test
    void aRoomJoinedByTheHostIsMarkedUntilItIsLeft() {
        rooms.joinForHost("desk");
        rooms.join("room:lobby");
        assertThat(rooms.isJoinedByHost("desk")).isTrue();
        assertThat(rooms.isJoinedByHost("lobby")).isFalse();

        rooms.leaveRoom("desk");
        assertThat(rooms.isJoinedByHost("desk")).isFalse();
        assertThat(rooms.names()).containsExactly("lobby");
    }

    @Test
    void aClosedConnectionIsInNoRoomOfTheIndex() {
        rooms.join("user:ann");
        rooms.join("room:lobby");

        rooms.close();

        assertThat(index.size()).isZero();
        assertThat(rooms.names()).containsExactlyInAnyOrder("user:ann", "lobby");
    }

    @Test
    void ownRoomsAreThoseOfTheToken() {
        Identity ann = new Identity("ann", Set.of("CUSTOMER"), null, null);

        assertThat(ConnectionRooms.isOwn("user:ann", ann, "s")).isTrue();
        assertThat(ConnectionRooms.isOwn("role:CUSTOMER", ann, "s")).isTrue();
        assertThat(ConnectionRooms.isOwn("session:s", ann, "s")).isTrue();
        assertThat(ConnectionRooms.isOwn("user:bob", ann, "s")).isFalse();
        assertThat(ConnectionRooms.isOwn("room:lobby", ann, "s")).isFalse();
    }

    private static final class SilentMember implements LaneMember {
        @Override
        public boolean deliver(OutboundEvent event) {
            return false;
        }

        @Override
        public void flush() {}

        @Override
        public void epochBegan(Position beginning, boolean lost) {}

        @Override
        public void deadlineReached(long nowMillis) {}

        @Override
        public void end(CloseReason reason) {}

        @Override
        public Transport transport() {
            return Transport.WEBSOCKET;
        }

        @Override
        public int laneSlot() {
            return 0;
        }

        @Override
        public int laneIndex() {
            return 0;
        }

        @Override
        public void laneIndex(int index) {}
    }
}
