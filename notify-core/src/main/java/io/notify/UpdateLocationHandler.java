package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;

/** {@code updateLocation}: stores the user's location. */
final class UpdateLocationHandler implements ClientEventHandler {
    private final Presence presence;
    private final Clock clock;

    UpdateLocationHandler(Presence presence, Clock clock) {
        this.presence = presence;
        this.clock = clock;
    }

    @Override
    public void handle(ClientRequest request) {
        GeoPoint point = point(request.data());
        presence.updateLocation(request.connection().identity().userId(), point);
        request.answer(new Location(point.latitude(), point.longitude(), Timestamps.write(clock.instant())));
    }

    private static GeoPoint point(JsonNode data) {
        try {
            return new GeoPoint(EventPayload.number(data, "latitude"), EventPayload.number(data, "longitude"));
        } catch (IllegalArgumentException e) {
            throw new EventRefusedException(ErrorCode.INVALID_PAYLOAD, e.getMessage());
        }
    }

    private record Location(double latitude, double longitude, String timestamp) {}
}
