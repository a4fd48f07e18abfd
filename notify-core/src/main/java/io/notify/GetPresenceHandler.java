package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code getPresence}: answers with the presence statistics, or with the sessions of one user if an ADMIN asks. */
final class GetPresenceHandler implements ClientEventHandler {
    private final Presence presence;

    GetPresenceHandler(Presence presence) {
        this.presence = presence;
    }

    @Override
    public void handle(ClientRequest request) {
        JsonNode data = request.data();
        if (!data.has("userId")) {
            request.answer(presence.stats());
            return;
        }
        if (!request.connection().identity().hasRole("ADMIN")) {
            throw new EventRefusedException(ErrorCode.UNAUTHORIZED, "only ADMIN may ask about one user");
        }
        request.answer(user(EventPayload.text(data, "userId")));
    }

    private Map<String, Object> user(String userId) {
        List<SessionInfo> sessions = presence.sessions(userId);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("userId", userId);
        answer.put("online", !sessions.isEmpty());
        answer.put(
                "sessions", sessions.stream().map(GetPresenceHandler::session).toList());
        presence.lastSeen(userId).ifPresent(at -> answer.put("lastSeen", Timestamps.write(at)));
        return answer;
    }

    private static Map<String, String> session(SessionInfo session) {
        return Map.of(
                "sessionId", session.sessionId(),
                "socketId", session.socketId(),
                "transport", session.transport().wireName(),
                "connectedAt", Timestamps.write(session.connectedAt()));
    }
}
