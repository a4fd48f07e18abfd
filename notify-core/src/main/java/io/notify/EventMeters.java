package io.notify;

import io.micrometer.core.instrument.Counter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Counts the events that clients send, and the events, other than notifications, that are sent to them. Any thread. */
final class EventMeters {
    /** Tag value of the host's own events. */
    static final String CUSTOM = "custom";

    static final String UNKNOWN = "unknown";
    static final String MALFORMED = "malformed";

    private final Map<String, Counter> received;
    private final Map<ErrorCode, Counter> refused;
    private final Map<String, Counter> sent;
    private final Counter rateLimited;

    /**
     * @param clientEvents the names of the events that a client may send
     * @param answers the names of the events that answer them
     */
    EventMeters(MeterGroup group, Collection<String> clientEvents, Collection<String> answers) {
        received = group.counters(
                "notify.events.received",
                "event",
                Stream.concat(clientEvents.stream(), Stream.of(CUSTOM, UNKNOWN, MALFORMED))
                        .toList(),
                Function.identity());
        refused = group.counters("notify.events.refused", "code", List.of(ErrorCode.values()), ErrorCode::name);
        sent = group.counters(
                "notify.events.sent",
                "event",
                Stream.of(
                                answers.stream(),
                                Arrays.stream(ServerEvent.values()).map(ServerEvent::wireName),
                                Stream.of(CUSTOM))
                        .flatMap(Function.identity())
                        .toList(),
                Function.identity());
        rateLimited = group.counter("notify.rate.limited", "limit", "events");
    }

    /** @param event one of the client events, or {@link #CUSTOM}, {@link #UNKNOWN} or {@link #MALFORMED} */
    void received(String event) {
        MeterGroup.count(received, event);
    }

    void refused(ErrorCode code) {
        MeterGroup.count(refused, code);
        if (code == ErrorCode.RATE_LIMITED) {
            rateLimited.increment();
        }
    }

    /** @param event its name; any but those of the core counts as {@link #CUSTOM} */
    void sent(String event, int connections) {
        MeterGroup.count(sent, sent.containsKey(event) ? event : CUSTOM, connections);
    }

    double refused() {
        return MeterGroup.total(refused);
    }
}
