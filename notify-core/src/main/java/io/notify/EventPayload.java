package io.notify;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads the arguments of client events. A missing or invalid argument is refused with {@code INVALID_PAYLOAD}. */
final class EventPayload {
    private EventPayload() {}

    static String text(JsonNode data, String field) {
        JsonNode value = data.path(field);
        if (!value.isTextual()) {
            throw invalid(field + ": expected a string");
        }
        return value.textValue();
    }

    static double number(JsonNode data, String field) {
        JsonNode value = data.path(field);
        if (!value.isNumber()) {
            throw invalid(field + ": expected a number");
        }
        return value.doubleValue();
    }

    /** Reads a room name, either bare or as {@code room}. */
    static String roomName(JsonNode data) {
        JsonNode name = data.isObject() ? data.path("room") : data;
        if (!name.isTextual()) {
            throw invalid("room: expected a string");
        }
        try {
            return Names.visible("room", name.textValue());
        } catch (IllegalArgumentException e) {
            throw invalid("room: expected 1 to 255 visible characters");
        }
    }

    /** Reads a position, either bare or as {@code position}. */
    static Position position(JsonNode data) {
        JsonNode text = data.isObject() ? data.path("position") : data;
        try {
            return Position.parse(text.textValue() == null ? "" : text.textValue());
        } catch (IllegalArgumentException e) {
            throw invalid("position: expected epoch-seq");
        }
    }

    static EventRefusedException invalid(String message) {
        return new EventRefusedException(ErrorCode.INVALID_PAYLOAD, message);
    }
}
