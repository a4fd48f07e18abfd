package io.notify;

import java.util.Map;
import java.util.Set;

/** {@code joinRoom}: joins a room that the room policy allows, up to the limit of rooms per connection. */
final class JoinRoomHandler implements ClientEventHandler {
    private final RoomRights rights;
    private final int maxRooms;

    JoinRoomHandler(RoomRights rights, int maxRooms) {
        this.rights = rights;
        this.maxRooms = maxRooms;
    }

    @Override
    public void handle(ClientRequest request) {
        LiveConnection connection = request.connection();
        String room = EventPayload.roomName(request.data());
        String key = new Audience.Room(room).key();
        if (!connection.isOwnRoom(key)) {
            if (!rights.mayJoin(connection.identity(), room)) {
                throw new EventRefusedException(ErrorCode.FORBIDDEN_ROOM, "you may not join this room");
            }
            Set<String> joined = connection.rooms();
            if (joined.size() >= maxRooms && !joined.contains(room)) {
                throw new EventRefusedException(
                        ErrorCode.FORBIDDEN_ROOM, "at most " + maxRooms + " rooms for a connection");
            }
            connection.memberships().join(key);
            connection.remember();
        }
        request.answer(Map.of("room", room));
    }
}
