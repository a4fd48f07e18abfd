package io.notify;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One event on its way to clients, immutable but for the encodings it remembers; shared by all who receive it. */
public final class OutboundEvent {
    private final String name;
    private final byte[] data;
    private final @Nullable UUID id;
    private final Position position;
    private final boolean volatileDelivery;
    private final Tracing.Sent sent;
    private volatile @Nullable Encoding<?> encodings;

    /**
     * Describes an event.
     *
     * @param name its name
     * @param data its one argument, UTF-8 JSON; not to be changed
     * @param id the notification's id; null if it is not a notification
     * @param position where a client stands that has received it
     * @param volatileDelivery whether it is the first to be dropped when a connection falls behind
     */
    public OutboundEvent(String name, byte[] data, @Nullable UUID id, Position position, boolean volatileDelivery) {
        this(name, data, id, position, volatileDelivery, Tracing.Sent.NONE);
    }

    OutboundEvent(
            String name,
            byte[] data,
            @Nullable UUID id,
            Position position,
            boolean volatileDelivery,
            Tracing.Sent sent) {
        this.name = name;
        this.data = data;
        this.id = id;
        this.position = position;
        this.volatileDelivery = volatileDelivery;
        this.sent = sent;
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

    /** The send that it comes from, if that was on this node and is traced. */
    Tracing.Sent sent() {
        return sent;
    }

    /** The same event at another position, with nothing encoded yet. */
    OutboundEvent at(Position other) {
        return new OutboundEvent(name, data, id, other, volatileDelivery, sent);
    }

    /** The event in a format, encoded by the first who asks. Any thread. */
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
