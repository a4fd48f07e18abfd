package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * Makes the title and message of an event from its data. Called by the thread that sends, many at once; it must be pure.
 * An exception refuses the send as {@link InvalidNotificationException} on {@code data}.
 */
@FunctionalInterface
public interface Formatter {
    /**
     * Words an event.
     *
     * @param event its name
     * @param data what it carries, an object, possibly empty
     * @param locale the language asked for; {@link Locale#ROOT} if none was
     */
    Text format(String event, JsonNode data, Locale locale);
}
