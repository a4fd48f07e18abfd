package io.notify.netty.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.notify.netty.http.HttpReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/** Serves {@code /openapi.json} and {@code /asyncapi.json}. They describe only paths that this server has. */
final class Descriptions {
    private final HttpReply http;
    private final HttpReply events;

    /** @param absent described paths that this server does not have */
    Descriptions(Set<String> absent) {
        byte[] openApi = read("openapi.json");
        this.http = reply(absent.isEmpty() ? openApi : without(absent, openApi));
        this.events = reply(read("asyncapi.json"));
    }

    HttpReply http() {
        return http;
    }

    HttpReply events() {
        return events;
    }

    private static byte[] read(String name) {
        try (InputStream in = Descriptions.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing (expected: next to this class)");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + name, e);
        }
    }

    private static byte[] without(Set<String> absent, byte[] openApi) {
        ObjectMapper mapper = new ObjectMapper();
        try {
            ObjectNode tree = (ObjectNode) mapper.readTree(openApi);
            ((ObjectNode) tree.get("paths")).remove(absent);
            return mapper.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + absent + " from openapi.json", e);
        }
    }

    private static HttpReply reply(byte[] json) {
        return HttpReply.json(200, json).withHeader("Cache-Control", "no-cache");
    }
}
