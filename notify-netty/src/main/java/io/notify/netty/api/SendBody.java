package io.notify.netty.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.Audience;
import io.notify.GeoPoint;
import io.notify.InvalidNotificationException;
import io.notify.Notification;
import io.notify.Priority;
import io.notify.json.RawJson;
import io.notify.json.StrictJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses the body of a send as a notification. An invalid field is answered with 400, which names it. Stateless. */
final class SendBody {
    private static final Set<String> FIELDS =
            Set.of("audience", "event", "data", "title", "message", "durable", "ttlMs", "collapseKey", "priority");
    private static final Set<String> NEARBY_FIELDS = Set.of("latitude", "longitude", "radiusMeters", "role");

    private SendBody() {}

    /**
     * Parses one notification.
     *
     * @param body an object within the parsed text
     * @param text keeps the original bytes of {@code data}
     * @param sender the scope of the idempotency key
     * @param idempotencyKey the header, or null
     */
    static Notification read(JsonNode body, StrictJson.Kept text, String sender, @Nullable String idempotencyKey) {
        onlyFields("body", body, FIELDS);
        Audience audience = audience(required(body, "audience"));
        Notification.Builder builder = builder(audience, text(body, "event"));
        data(body, text, builder);
        try {
            options(body, builder);
            if (idempotencyKey != null) {
                builder.idempotencyKey(sender, idempotencyKey);
            }
            return builder.build();
        } catch (InvalidNotificationException e) {
            throw RequestFault.invalid(e.field(), e.expectation());
        }
    }

    /** Copies {@code data} byte for byte, so that it reaches clients unchanged. */
    static void data(JsonNode body, StrictJson.Kept text, Notification.Builder builder) {
        JsonNode tree = body.path("data");
        if (!tree.isMissingNode()) {
            if (!tree.isObject()) {
                throw RequestFault.invalid("data", "expected an object");
            }
            RawJson original = text.text(tree);
            builder.data(original == null ? tree : original);
        }
    }

    private static Notification.Builder builder(Audience audience, String event) {
        try {
            return Notification.builder(audience, event);
        } catch (InvalidNotificationException e) {
            throw RequestFault.invalid(e.field(), e.expectation());
        }
    }

    private static void options(JsonNode body, Notification.Builder builder) {
        if (body.hasNonNull("title")) {
            builder.title(text(body, "title"));
        }
        if (body.hasNonNull("message")) {
            builder.message(text(body, "message"));
        }
        JsonNode durable = body.path("durable");
        if (!durable.isMissingNode() && !durable.isBoolean()) {
            throw RequestFault.invalid("durable", "expected true or false");
        }
        if (!durable.asBoolean(true)) {
            builder.volatileDelivery();
        }
        if (body.hasNonNull("ttlMs")) {
            JsonNode ttl = body.get("ttlMs");
            if (!ttl.isIntegralNumber() || !ttl.canConvertToLong()) {
                throw RequestFault.invalid("ttlMs", "expected a whole number of milliseconds");
            }
            builder.timeToLive(Duration.ofMillis(ttl.longValue()));
        }
        if (body.hasNonNull("collapseKey")) {
            builder.collapseKey(text(body, "collapseKey"));
        }
        if (body.hasNonNull("priority")) {
            builder.priority(priority(text(body, "priority")));
        }
    }

    /** Parses an audience, an object with exactly one member. */
    static Audience audience(JsonNode node) {
        if (!node.isObject() || node.size() != 1) {
            throw RequestFault.invalid(
                    "audience", "expected one of user, users, role, session, room, everyone, nearby");
        }
        Map.Entry<String, JsonNode> only = node.properties().iterator().next();
        JsonNode value = only.getValue();
        try {
            return switch (only.getKey()) {
                case "user" -> Audience.user(name("user", value));
                case "users" -> Audience.users(names(value));
                case "role" -> Audience.role(name("role", value));
                case "session" -> Audience.session(name("session", value));
                case "room" -> Audience.room(name("room", value));
                case "everyone" -> everyone(value);
                case "nearby" -> nearby(value);
                default ->
                    throw RequestFault.invalid(
                            "audience", "expected one of user, users, role, session, room, everyone, nearby");
            };
        } catch (IllegalArgumentException e) {
            throw RequestFault.invalid("audience." + only.getKey(), String.valueOf(e.getMessage()));
        }
    }

    private static Audience everyone(JsonNode value) {
        if (!value.isBoolean() || !value.booleanValue()) {
            throw RequestFault.invalid("audience.everyone", "expected true");
        }
        return Audience.everyone();
    }

    private static Audience nearby(JsonNode value) {
        onlyFields("audience.nearby", value, NEARBY_FIELDS);
        GeoPoint center = new GeoPoint(number(value, "latitude"), number(value, "longitude"));
        double radius = number(value, "radiusMeters");
        return value.hasNonNull("role")
                ? Audience.nearby(center, radius, name("nearby.role", value.get("role")))
                : Audience.nearby(center, radius);
    }

    private static List<String> names(JsonNode value) {
        if (!value.isArray()) {
            throw RequestFault.invalid("audience.users", "expected a list of user ids");
        }
        List<String> names = new ArrayList<>(value.size());
        value.forEach(id -> names.add(name("users", id)));
        return names;
    }

    private static String name(String field, JsonNode value) {
        if (!value.isTextual()) {
            throw RequestFault.invalid("audience." + field, "expected a string");
        }
        return value.textValue();
    }

    private static double number(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (!value.isNumber()) {
            throw RequestFault.invalid("audience.nearby." + field, "expected a number");
        }
        return value.doubleValue();
    }

    private static Priority priority(String name) {
        for (Priority priority : Priority.values()) {
            if (priority.wireName().equals(name)) {
                return priority;
            }
        }
        throw RequestFault.invalid("priority", "expected low, normal or high");
    }

    static JsonNode required(JsonNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw RequestFault.invalid(field, "missing");
        }
        return value;
    }

    static String text(JsonNode body, String field) {
        JsonNode value = required(body, field);
        if (!value.isTextual()) {
            throw RequestFault.invalid(field, "expected a string");
        }
        return value.textValue();
    }

    static void onlyFields(String what, JsonNode node, Set<String> known) {
        if (!node.isObject()) {
            throw RequestFault.invalid(what, "expected a JSON object");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw RequestFault.invalid(what, "has an unknown field; known are " + sorted(known));
            }
        }
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }
}
