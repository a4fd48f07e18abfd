package io.notify;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.notify.json.RawJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Writes UTF-8 JSON: hosts' values with the host's mapper, the core's own events in a shape that no mapper changes. */
final class Json {
    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    private final ObjectMapper own = new ObjectMapper();
    private final ObjectMapper mapper;

    Json(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** What writes an object's fields, and neither its beginning nor its end. */
    interface Fields {
        void writeTo(JsonGenerator generator) throws IOException;
    }

    /** The body of one of the core's own events. */
    byte[] event(@Nullable Object body) {
        return body instanceof RawJson raw ? raw.utf8() : write(own, body);
    }

    /**
     * An object written field by field, for what every connection or notification has: a mapper would find out its shape each
     * time.
     *
     * @param size about how many bytes it will have
     */
    byte[] object(int size, Fields fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        try (JsonGenerator generator = own.getFactory().createGenerator(out)) {
            generator.writeStartObject();
            fields.writeTo(generator);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
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
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not readable as JSON", e);
        }
    }

    byte[] emptyObject() {
        return EMPTY_OBJECT.clone();
    }
}
