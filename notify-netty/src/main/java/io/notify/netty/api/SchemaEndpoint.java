package io.notify.netty.api;

import com.fasterxml.jackson.databind.util.RawValue;
import io.notify.PayloadSchemas;
import io.notify.netty.http.HttpExchange;
import io.notify.netty.http.HttpReply;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Handles {@code /admin/notifications/schemas}: the JSON Schemas that event data must match, by event name. */
final class SchemaEndpoint {
    static final String PREFIX = "/admin/notifications/schemas/";
    private static final int MAX_BODY = 64 * 1024;

    private final PayloadSchemas schemas;
    private final Guard guard;

    SchemaEndpoint(PayloadSchemas schemas, Guard guard) {
        this.schemas = schemas;
        this.guard = guard;
    }

    void list(HttpExchange exchange) {
        List<Item> items = schemas.all().entrySet().stream()
                .map(entry -> new Item(entry.getKey(), new RawValue(entry.getValue())))
                .toList();
        exchange.reply(guard.json(200, new Items(items)));
    }

    void find(HttpExchange exchange) {
        String schema = schemas.find(event(exchange)).orElseThrow(SchemaEndpoint::none);
        exchange.reply(HttpReply.json(200, schema.getBytes(StandardCharsets.UTF_8)));
    }

    /** Registers a schema. Answers 201 for a new one, and 200 if it replaces another. */
    void register(HttpExchange exchange) {
        String event = event(exchange);
        exchange.readBody(
                MAX_BODY,
                body -> guard.guarded(exchange, () -> {
                    boolean known = schemas.find(event).isPresent();
                    String schema = new String(body, StandardCharsets.UTF_8);
                    try {
                        schemas.register(event, schema);
                    } catch (IllegalArgumentException e) {
                        String detail = String.valueOf(e.getMessage());
                        throw RequestFault.withDetail(detail.startsWith("event") ? "event" : "body", detail);
                    }
                    exchange.reply(guard.json(known ? 200 : 201, new Item(event, new RawValue(schema))));
                }));
    }

    void remove(HttpExchange exchange) {
        if (!schemas.remove(event(exchange))) {
            throw none();
        }
        exchange.reply(HttpReply.empty(204));
    }

    private static RequestFault none() {
        return RequestFault.notFound("This event has no schema.");
    }

    private static String event(HttpExchange exchange) {
        String encoded = exchange.path().substring(PREFIX.length());
        String event;
        try {
            // In a path, a plus sign is not a space.
            event = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RequestFault.invalid("event", "malformed percent-encoding");
        }
        return event;
    }

    private record Item(String event, RawValue schema) {}

    private record Items(List<Item> items) {}
}
