package io.notify.netty.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.json.MalformedJsonException;
import io.notify.json.StrictJson;
import java.util.function.Supplier;

/** Parses request bodies as strict JSON. Malformed JSON is answered with 400. Any thread. */
final class Bodies {
    private final StrictJson json = StrictJson.create();

    JsonNode tree(byte[] body) {
        return strictly(() -> json.parse(body));
    }

    /** Parses a body and keeps the original text of every {@code data} member. */
    StrictJson.Kept keepingData(byte[] body) {
        return strictly(() -> json.parseKeeping(body, "data"));
    }

    private static <T> T strictly(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (MalformedJsonException e) {
            throw RequestFault.invalid("body", String.valueOf(e.getMessage()));
        }
    }
}
