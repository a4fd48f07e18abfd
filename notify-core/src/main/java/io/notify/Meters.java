package io.notify;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The meters of a service; {@code docs/METRICS.md} lists them. No tag value comes from a client or a token, so the number of
 * series is fixed when the service starts.
 */
final class Meters implements AutoCloseable {
    private final MeterGroup group;
    private final ConnectionMeters connections;
    private final EventMeters events;
    private final DeliveryMeters deliveries;
    private final LogMeters log;
    private final ReplayMeters replay;

    /**
     * Registers all meters but the gauges.
     *
     * @param clientEvents the names of the events that a client may send
     * @param answers the names of the events that answer them
     */
    Meters(MeterRegistry registry, Collection<String> clientEvents, Collection<String> answers) {
        this.group = new MeterGroup(registry);
        this.connections = new ConnectionMeters(group);
        this.events = new EventMeters(group, clientEvents, answers);
        this.deliveries = new DeliveryMeters(group);
        this.log = new LogMeters(group);
        this.replay = new ReplayMeters(group);
    }

    MeterRegistry registry() {
        return group.registry();
    }

    /** Registers a gauge: a value that is read rather than counted. */
    void gauge(String name, Supplier<Number> value, String... tags) {
        group.gauge(name, value, tags);
    }

    ConnectionMeters connections() {
        return connections;
    }

    EventMeters events() {
        return events;
    }

    DeliveryMeters deliveries() {
        return deliveries;
    }

    LogMeters log() {
        return log;
    }

    ReplayMeters replay() {
        return replay;
    }

    void purged(int rows) {
        log.purged(rows);
    }

    /** Returns the present readings, as {@link MetricHistory} samples them. */
    MetricHistory.Totals totals() {
        HistogramSnapshot time = deliveries.deliveryTime();
        return new MetricHistory.Totals(
                deliveries.acceptedSends(),
                deliveries.deliveries(),
                DeliveryMeters.millis(time, 0.5),
                DeliveryMeters.millis(time, 0.99),
                Map.of(
                        "signIns", connections.refusedSignIns(),
                        "events", events.refused(),
                        "sends", deliveries.refusedSends(),
                        "dropped", deliveries.dropped(),
                        "cutOff", connections.cutOff()));
    }

    /** Removes all meters from the registry, which is the host's. */
    @Override
    public void close() {
        group.close();
    }
}
