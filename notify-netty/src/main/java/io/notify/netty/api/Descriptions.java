package io.notify.netty.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.notify.netty.http.HttpReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/** What the server says of itself: {@code /openapi.json} and {@code /asyncapi.json}, with no path that this one has not. */
final class Descriptions {
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpReply http;
    private final HttpReply events;

    /** @param absent paths that exist elsewhere, but not on this server */
    Descriptions(Set<String> absent) {
        ObjectNode openApi = read("openapi.json");
        ((ObjectNode) openApi.get("paths")).remove(absent);
        this.http = reply(openApi);
        this.events = reply(read("asyncapi.json"));
    }

    HttpReply http() {
        return http;
    }

    HttpReply events() {
        return events;
    }

    private ObjectNode read(String name) {
        try (InputStream in = Descriptions.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar (expected: beside this class)");
            }
            return (ObjectNode) mapper.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + name, e);
        }
    }

    private HttpReply reply(ObjectNode tree) {
        try {
            return HttpReply.json(200, mapper.writeValueAsBytes(tree)).withHeader("Cache-Control", "no-cache");
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }
}
