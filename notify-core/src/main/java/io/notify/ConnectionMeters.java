package io.notify;

import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts sign-ins and the opening and closing of connections. Any thread. */
final class ConnectionMeters {
    /** Reasons for which a server closes the connection of a client that fell behind, sent too much or cannot be served. */
    private static final List<CloseReason> CUT_OFF =
            List.of(CloseReason.TOO_SLOW, CloseReason.RATE_LIMITED, CloseReason.LOG_UNAVAILABLE);

    private final Map<Transport, Counter> opened;
    private final Map<CloseReason, Counter> closed;
    private final Counter closedByClient;
    private final Counter authenticated;
    private final Map<AuthenticationException.Reason, Counter> unauthenticated;

    ConnectionMeters(MeterGroup group) {
        opened = group.counters(
                "notify.connections.opened", "transport", List.of(Transport.values()), Transport::wireName);
        closed = group.counters("notify.connections.closed", "reason", List.of(CloseReason.values()), MeterGroup::tag);
        closedByClient = group.counter("notify.connections.closed", "reason", "client");
        authenticated = group.counter("notify.authentications", "outcome", "accepted");
        unauthenticated = group.counters(
                "notify.authentications", "outcome", List.of(AuthenticationException.Reason.values()), MeterGroup::tag);
    }

    void opened(Transport transport) {
        MeterGroup.count(opened, transport);
    }

    /** @param reason null if the client closed the connection */
    void closed(@Nullable CloseReason reason) {
        if (reason == null) {
            closedByClient.increment();
        } else {
            MeterGroup.count(closed, reason);
        }
    }

    void authenticated() {
        authenticated.increment();
    }

    void unauthenticated(AuthenticationException.Reason reason) {
        MeterGroup.count(unauthenticated, reason);
    }

    double refusedSignIns() {
        return MeterGroup.total(unauthenticated);
    }

    double cutOff() {
        return CUT_OFF.stream()
                .mapToDouble(reason -> MeterGroup.total(closed, reason))
                .sum();
    }
}
