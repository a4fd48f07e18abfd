package io.notify;

import java.util.Map;

/** {@code leaveRoom}: leaves any room but the connection's own. */
final class LeaveRoomHandler implements ClientEventHandler {
    @Override
    public void handle(ClientRequest request) {
        LiveConnection connection = request.connection();
        String room = EventPayload.roomName(request.data());
        if (connection.isOwnRoom(new Audience.Room(room).key())) {
            throw new EventRefusedException(ErrorCode.FORBIDDEN_ROOM, "this room cannot be left");
        }
        connection.memberships().leaveRoom(room);
        connection.remember();
        request.answer(Map.of("room", room));
    }
}
