package io.notify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code refreshToken}: replaces the connection's token by a newer one of the same user. */
final class RefreshTokenHandler implements ClientEventHandler {
    private final Authenticator authenticator;
    private final RoomRights rights;

    RefreshTokenHandler(Authenticator authenticator, RoomRights rights) {
        this.authenticator = authenticator;
        this.rights = rights;
    }

    @Override
    public void handle(ClientRequest request) {
        String token = EventPayload.text(request.data(), "token");
        EventLane lane = request.connection().lane();
        authenticator
                .authenticate(BearerToken.withoutScheme(token))
                .whenComplete((identity, failure) -> lane.execute(() -> {
                    replace(request, failure == null ? identity : null);
                    lane.flush();
                }));
    }

    /** @param identity null if the token was refused */
    private void replace(ClientRequest request, @Nullable Identity identity) {
        LiveConnection connection = request.connection();
        if (identity == null || !identity.userId().equals(connection.identity().userId())) {
            request.refuse(ErrorCode.UNAUTHORIZED, "the token was refused");
        } else if (!connection.isClosed()) {
            Identity previous = connection.identity();
            connection.replaceIdentity(identity);
            changeRoleRooms(connection.memberships(), previous, identity);
            if (previous.hasRole("ADMIN") && !identity.hasRole("ADMIN")) {
                leaveRoomsOfOthers(connection);
            }
            leaveForbiddenRooms(connection);
            Map<String, Object> answer = new HashMap<>();
            answer.put("expiresAt", identity.expiresAt() == null ? null : Timestamps.write(identity.expiresAt()));
            request.answer(answer);
        }
    }

    private static void changeRoleRooms(ConnectionRooms rooms, Identity previous, Identity next) {
        previous.roles().stream()
                .filter(role -> !next.hasRole(role))
                .forEach(role -> rooms.leave(Audience.role(role).key()));
        next.roles().forEach(role -> rooms.join(Audience.role(role).key()));
    }

    /** Only an ADMIN may be in the personal rooms of other users, roles and sessions. */
    private static void leaveRoomsOfOthers(LiveConnection connection) {
        connection.joinedRooms().stream()
                .filter(Audience.Room::isPersonal)
                .forEach(room -> connection.memberships().leave(new Audience.Room(room).key()));
        connection.remember();
    }

    /** Room rights belong to a token: the connection leaves the rooms that the new token does not allow. */
    private void leaveForbiddenRooms(LiveConnection connection) {
        ConnectionRooms rooms = connection.memberships();
        List<String> forbidden = connection.joinedRooms().stream()
                .filter(room -> !rooms.isJoinedByHost(room) && !rights.mayJoin(connection.identity(), room))
                .toList();
        if (!forbidden.isEmpty()) {
            forbidden.forEach(rooms::leaveRoom);
            connection.remember();
        }
    }
}
