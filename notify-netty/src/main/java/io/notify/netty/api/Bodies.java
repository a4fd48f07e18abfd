package io.notify.netty.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.json.MalformedJsonException;
import io.notify.json.StrictJson;
import java.util.function.Supplier;

/** Reads request bodies strictly; what is not acceptable JSON is the requester's fault. */
final class Bodies {
    private final StrictJson json = StrictJson.create();

    JsonNode tree(byte[] body) {
        return strictly(() -> json.parse(body));
    }

    /** The tree, and the text of every {@code data} in it. */
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
