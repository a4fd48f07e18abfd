package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.notify.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns a notification into what every client receives of it, encoded once: {@code {id, event, title, message, ...}}. */
final class NotificationRenderer {
    private final Json json;
    private final Formatters formatters;
    private final SchemaBook schemas;
    private final int maxPayloadBytes;

    NotificationRenderer(Json json, Formatters formatters, SchemaBook schemas, int maxPayloadBytes) {
        this.json = json;
        this.formatters = formatters;
        this.schemas = schemas;
        this.maxPayloadBytes = maxPayloadBytes;
    }

    /**
     * Renders.
     *
     * @throws InvalidNotificationException if the data is not a JSON object, does not fit its schema, cannot be worded,
     *     or is too large
     */
    Rendered render(Notification notification, UUID id, Instant now) {
        byte[] data = data(notification);
        if (schemas.has(notification.event())) {
            schemas.check(notification.event(), json.tree(new RawJson(data)));
        }
        Text text = text(notification, data);
        Instant expiresAt = notification.timeToLive() == null ? null : now.plus(notification.timeToLive());
        byte[] payload = payload(notification, id, text, data, now, expiresAt);
        if (payload.length > maxPayloadBytes) {
            throw new InvalidNotificationException(
                    "data", "the whole is " + payload.length + " bytes (expected: at most " + maxPayloadBytes + ")");
        }
        return new Rendered(
                payload, expiresAt, notification.idempotencyKey() == null ? "" : digest(notification, data));
    }

    private byte[] data(Notification notification) {
        Object data = notification.data();
        if (data == null) {
            return json.emptyObject();
        }
        byte[] bytes;
        try {
            bytes = json.write(data);
        } catch (IllegalArgumentException e) {
            throw new InvalidNotificationException("data", "expected what can be written as a JSON object");
        }
        if (bytes.length == 0 || bytes[0] != '{') {
            throw new InvalidNotificationException("data", "expected a JSON object");
        }
        return bytes;
    }

    private Text text(Notification notification, byte[] data) {
        String title = notification.title();
        String message = notification.message();
        if (title != null && message != null) {
            return new Text(title, message);
        }
        Text formatted;
        try {
            JsonNode tree = json.tree(new RawJson(data));
            formatted = formatters.format(notification.event(), tree, notification.locale());
        } catch (RuntimeException e) {
            throw new InvalidNotificationException("data", "the formatter of " + notification.event() + " refused it");
        }
        return new Text(title == null ? formatted.title() : title, message == null ? formatted.message() : message);
    }

    private byte[] payload(
            Notification n, UUID id, Text text, byte[] data, Instant createdAt, @Nullable Instant expiresAt) {
        return json.object(data.length + 256, generator -> {
            generator.writeStringField("id", id.toString());
            generator.writeStringField("event", n.event());
            generator.writeStringField("title", text.title());
            generator.writeStringField("message", text.message());
            generator.writeFieldName("data");
            generator.writeRawValue(new String(data, StandardCharsets.UTF_8));
            generator.writeStringField("createdAt", Timestamps.write(createdAt));
            if (expiresAt != null) {
                generator.writeStringField("expiresAt", Timestamps.write(expiresAt));
            }
            if (n.priority() != null) {
                generator.writeStringField("priority", n.priority().wireName());
            }
        });
    }

    /** Over everything the sender said, so that the same key with anything else is a conflict. */
    private static String digest(Notification n, byte[] data) {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        List<String> parts = List.of(
                n.audience().toString(),
                n.event(),
                String.valueOf(n.title()),
                String.valueOf(n.message()),
                n.locale().toLanguageTag(),
                String.valueOf(n.timeToLive()),
                String.valueOf(n.collapseKey()),
                String.valueOf(n.priority()));
        for (String part : parts) {
            sha256.update(part.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
        }
        return HexFormat.of().formatHex(sha256.digest(data));
    }

    /**
     * A rendered notification.
     *
     * @param payload what the client receives
     * @param expiresAt when it ends, or null
     * @param digest of the content, if it has an idempotency key; else empty
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Rendered(byte[] payload, @Nullable Instant expiresAt, String digest) {}
}
