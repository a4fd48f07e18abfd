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
            connection.replaceIdentity(identity);
            leaveForbiddenRooms(connection);
            Map<String, Object> answer = new HashMap<>();
            answer.put("expiresAt", identity.expiresAt() == null ? null : Timestamps.write(identity.expiresAt()));
            request.answer(answer);
        }
    }

    /** Room rights belong to a token: the connection leaves the rooms that the new token does not allow. */
    private void leaveForbiddenRooms(LiveConnection connection) {
        List<String> forbidden = connection.joinedRooms().stream()
                .filter(room -> !connection.isJoinedByHost(room) && !rights.mayJoin(connection.identity(), room))
                .toList();
        if (!forbidden.isEmpty()) {
            forbidden.forEach(connection::leaveRoom);
            connection.remember();
        }
    }
}
