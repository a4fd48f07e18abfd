package io.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** Writes UTF-8 JSON: hosts' values with the host's mapper, the core's own events in a shape that no mapper changes. */
final class Json {
    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    private final ObjectMapper own = new ObjectMapper();
    private final ObjectMapper mapper;

    Json(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** The body of one of the core's own events. */
    byte[] event(@Nullable Object body) {
        return write(own, body);
    }

    /**
     * A host's value as JSON text.
     *
     * @throws IllegalArgumentException if the mapper cannot write it
     */
    byte[] write(@Nullable Object value) {
        if (value instanceof RawJson raw) {
            return raw.utf8();
        }
        return write(mapper, value);
    }

    private static byte[] write(ObjectMapper mapper, @Nullable Object value) {
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
