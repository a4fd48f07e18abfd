package io.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.f4b6a3.uuid.UuidCreator;
import io.notify.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;

/** One and the same booking, rendered anew each time as a send does it: some 410 bytes as clients receive it. */
public final class RenderedBooking {
    private static final String EVENT = "booking.created";
    private static final Map<String, Object> DATA = Map.of(
            "bookingId", "bk-2026-11-24-000417",
            "customerName", "Ana Kovač",
            "service", "Deep cleaning, three rooms",
            "startsAt", "2026-11-24T10:00:00Z",
            "address", "Ilica 42, Zagreb",
            "price", 89.5,
            "currency", "EUR");

    private final ObjectMapper mapper = new ObjectMapper();
    private final Json json = new Json(mapper);
    private final NotificationRenderer renderer =
            new NotificationRenderer(json, Formatters.standard(), new SchemaBook(Map.of()), 64 * 1024);
    private final Clock clock = Clock.systemUTC();
    private final Position position = new Position("k3v9x2q7", 1_234_567);

    /** As a client receives it. */
    public OutboundEvent event() {
        return event(titled());
    }

    OutboundEvent event(Notification notification) {
        var id = UuidCreator.getTimeOrderedEpoch();
        byte[] payload = renderer.render(notification, id, clock.instant()).payload();
        return new OutboundEvent(EVENT, payload, id, position, false);
    }

    /** Its words come from the formatter that ships with the event. */
    Notification worded() {
        return booking().data(DATA).build();
    }

    /** Its words come with it, its data is a host's map. */
    Notification titled() {
        return title(booking().data(DATA)).build();
    }

    /** Its words come with it, its data is JSON already, as over HTTP. */
    Notification raw() {
        return title(booking().data(new RawJson(json.write(DATA)))).build();
    }

    private static Notification.Builder booking() {
        return Notification.builder(Audience.user("user-4711"), EVENT);
    }

    private static Notification.Builder title(Notification.Builder booking) {
        return booking.title("New booking").message("Ana Kovač booked deep cleaning for 24 November, 10:00.");
    }

    /** Its text, for what reads rather than writes. */
    public String text() {
        return new String(event().data(), StandardCharsets.UTF_8);
    }
}
