package io.notify;

/**
 * How one transport writes an event. Each format is one long-lived object, compared by identity, so that an
 * {@link OutboundEvent} is encoded at most once for each and the result is shared by every connection.
 *
 * @param <T> an immutable encoding
 */
@FunctionalInterface
public interface WireFormat<T> {
    /** Encodes. Called by any thread, at most once for each event; must be pure. */
    T encode(OutboundEvent event);
}
