package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A transport that remembers what it was offered. */
class RecordingSession implements TransportSession {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String id = "socket-" + COUNT.incrementAndGet();
    private final Transport transport;
    private final int capacity;
    private final List<OutboundEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger flushes = new AtomicInteger();
    private final AtomicReference<CloseReason> closed = new AtomicReference<>();
    private volatile Connection connection;

    RecordingSession(Transport transport, int capacity) {
        this.transport = transport;
        this.capacity = capacity;
    }

    RecordingSession() {
        this(Transport.PLAIN_WEBSOCKET, Integer.MAX_VALUE);
    }

    void connection(Connection connection) {
        this.connection = connection;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public boolean offer(OutboundEvent event) {
        if (closed.get() != null) {
            return false;
        }
        if (events.size() >= capacity) {
            if (!event.volatileDelivery()) {
                close(CloseReason.TOO_SLOW);
            }
            return false;
        }
        events.add(event);
        return true;
    }

    @Override
    public void flush() {
        flushes.incrementAndGet();
    }

    @Override
    public void close(CloseReason reason) {
        if (closed.compareAndSet(null, reason) && connection != null) {
            connection.closed(reason);
        }
    }

    List<OutboundEvent> events() {
        return events;
    }

    List<OutboundEvent> events(String name) {
        return events.stream().filter(e -> e.name().equals(name)).toList();
    }

    List<OutboundEvent> notifications() {
        return events.stream().filter(e -> e.id() != null).toList();
    }

    JsonNode last(String name) {
        List<OutboundEvent> all = events(name);
        return json(all.get(all.size() - 1));
    }

    static JsonNode json(OutboundEvent event) {
        try {
            return new ObjectMapper().readTree(event.data());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int flushes() {
        return flushes.get();
    }

    CloseReason closeReason() {
        return closed.get();
    }
}
