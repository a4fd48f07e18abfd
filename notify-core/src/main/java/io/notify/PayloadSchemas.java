package io.notify;

import java.util.Optional;
import java.util.SortedMap;

/**
 * What the {@code data} of events must be, by event; an event without a schema may carry any object. A send that does not
 * fit is refused with {@link InvalidNotificationException}, which names the field.
 *
 * <p>Schemas are JSON Schema, draft 2020-12, and complete in themselves: a reference may only point into the same schema,
 * so nothing is ever fetched. They last as long as the service. Any thread.
 */
public interface PayloadSchemas {
    /**
     * Registers a schema in place of the event's former one; notifications sent before stay as they are.
     *
     * @param event 1 to 255 visible characters
     * @param schema JSON, at most 64 KiB
     * @throws IllegalArgumentException saying what is wrong with it
     */
    void register(String event, String schema);

    /** Takes an event's schema away; returns whether it had one. */
    boolean remove(String event);

    /** An event's schema, as JSON. */
    Optional<String> find(String event);

    /** All of them by event, as JSON; a copy. */
    SortedMap<String, String> all();
}
