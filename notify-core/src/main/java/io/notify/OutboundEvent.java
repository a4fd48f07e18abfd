package io.notify;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event to be sent to clients. Immutable, except that it caches its encodings; all its receivers share it. */
public final class OutboundEvent {
    private final String name;
    private final byte[] data;
    private final @Nullable UUID id;
    private final Position position;
    private final boolean volatileDelivery;
    private final @Nullable EventTrace trace;
    private volatile @Nullable Encoding<?> encodings;

    /**
     * Describes an event.
     *
     * @param name its name
     * @param data its one argument, UTF-8 JSON; not to be changed
     * @param id the notification's id; null if it is not a notification
     * @param position the position of a client that has received it
     * @param volatileDelivery whether it is dropped first when a connection falls behind
     */
    public OutboundEvent(String name, byte[] data, @Nullable UUID id, Position position, boolean volatileDelivery) {
        this(name, data, id, position, volatileDelivery, null);
    }

    OutboundEvent(
            String name,
            byte[] data,
            @Nullable UUID id,
            Position position,
            boolean volatileDelivery,
            @Nullable EventTrace trace) {
        this.name = name;
        this.data = data;
        this.id = id;
        this.position = position;
        this.volatileDelivery = volatileDelivery;
        this.trace = trace;
    }

    public String name() {
        return name;
    }

    /** Its one argument, UTF-8 JSON; not to be changed. */
    public byte[] data() {
        return data;
    }

    public @Nullable UUID id() {
        return id;
    }

    public Position position() {
        return position;
    }

    public boolean volatileDelivery() {
        return volatileDelivery;
    }

    /** The trace of the send that it comes from; null if it was sent on another node, or is not a notification. */
    @Nullable
    EventTrace trace() {
        return trace;
    }

    /** Whether it is a row of the log. */
    boolean isStored() {
        return id != null && !volatileDelivery;
    }

    /** Returns the same event at another position, with no encodings. */
    OutboundEvent at(Position other) {
        return new OutboundEvent(name, data, id, other, volatileDelivery, trace);
    }

    /** Returns the event in a format. The first call encodes it. Any thread. */
    public <T> T encoded(WireFormat<T> format) {
        T known = find(format);
        return known != null ? known : encode(format);
    }

    private synchronized <T> T encode(WireFormat<T> format) {
        T known = find(format);
        if (known != null) {
            return known;
        }
        T fresh = format.encode(this);
        encodings = new Encoding<>(format, fresh, encodings);
        return fresh;
    }

    @SuppressWarnings("unchecked") // an encoding is filed under the format that made it
    private <T> @Nullable T find(WireFormat<T> format) {
        for (Encoding<?> e = encodings; e != null; e = e.next()) {
            if (e.format() == format) {
                return (T) e.bytes();
            }
        }
        return null;
    }

    private record Encoding<T>(
            WireFormat<T> format, T bytes, @Nullable Encoding<?> next) {}
}
