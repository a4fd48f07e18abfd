package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which formatter words which event in which language; every event has one, if only its own name made readable.
 *
 * <p>Immutable; any thread.
 */
public final class Formatters {
    private static final String BUNDLE = "io.notify.notifications";

    private final Map<Key, Formatter> formatters;
    private final Formatter fallback = new NameFormatter();

    private Formatters(Map<Key, Formatter> formatters) {
        this.formatters = Map.copyOf(formatters);
    }

    /** No formatter but the one of last resort. */
    public static Formatters none() {
        return new Formatters(Map.of());
    }

    /**
     * The seven events that ship with one: {@code booking.created}, {@code booking.accepted}, {@code booking.reminder},
     * {@code booking.completed}, {@code review.created}, {@code nearby-job} and {@code system.maintenance}; in English, and
     * in German where that is asked for.
     */
    public static Formatters standard() {
        Formatter standard = new StandardFormatter(BUNDLE);
        Map<Key, Formatter> seven = new HashMap<>();
        for (String event : StandardFormatter.EVENTS) {
            seven.put(new Key(event, ""), standard);
        }
        return new Formatters(seven);
    }

    /** The same with a formatter for an event in every language that has none of its own; replaces one that is there. */
    public Formatters with(String event, Formatter formatter) {
        return with(event, Locale.ROOT, formatter);
    }

    /** The same with a formatter for an event in one language, whatever its country; replaces one that is there. */
    public Formatters with(String event, Locale locale, Formatter formatter) {
        Map<Key, Formatter> more = new HashMap<>(formatters);
        more.put(new Key(Names.event("event", event), locale.getLanguage()), formatter);
        return new Formatters(more);
    }

    /** Words an event with the formatter of its language, else the event's, else by its name. */
    public Text format(String event, JsonNode data, Locale locale) {
        Formatter ofLanguage = formatters.get(new Key(event, locale.getLanguage()));
        Formatter ofEvent = ofLanguage == null ? formatters.get(new Key(event, "")) : ofLanguage;
        return Objects.requireNonNullElse(ofEvent, fallback).format(event, data, locale);
    }

    private record Key(String event, String language) {}

    /** Makes {@code order.was-shipped} read as "Order was shipped", and takes a message that the data brings. */
    private static final class NameFormatter implements Formatter {
        @Override
        public Text format(String event, JsonNode data, Locale locale) {
            String words = event.replaceAll("[._:/-]+", " ").strip();
            String title =
                    words.isEmpty() ? event : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
            @Nullable String message = data.path("message").textValue();
            return new Text(title, message == null ? "" : message);
        }
    }
}
