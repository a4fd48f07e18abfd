package io.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** Writes the core's own events, and hosts' values, as UTF-8 JSON with the host's mapper. */
final class Json {
    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    private final ObjectMapper mapper;

    Json(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * The value as JSON text.
     *
     * @throws IllegalArgumentException if the mapper cannot write it
     */
    byte[] write(@Nullable Object value) {
        if (value instanceof RawJson raw) {
            return raw.utf8();
        }
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The value as a tree, by way of its text if it is raw. */
    JsonNode tree(@Nullable Object value) {
        if (value == null) {
            return mapper.createObjectNode();
        }
        try {
            return value instanceof RawJson raw ? mapper.readTree(raw.utf8()) : mapper.valueToTree(value);
        } catch (java.io.IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not readable as JSON", e);
        }
    }

    byte[] emptyObject() {
        return EMPTY_OBJECT.clone();
    }
}
