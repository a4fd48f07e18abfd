package io.notify.netty;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.notify.netty.api.NotificationApi;
import io.notify.netty.engineio.EngineEndpoint;
import io.notify.netty.http.HttpPort;
import io.notify.netty.http.PortRefusal;
import io.notify.netty.signin.SignIn;
import io.notify.netty.socketio.SocketIoEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Registers the meters of a server, which {@code docs/METRICS.md} lists. They read the counters of its parts on demand, and
 * are registered until the server is closed.
 */
final class ServerMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final List<Meter> registered = new ArrayList<>();

    ServerMeters(MeterRegistry registry, HttpPort port, SocketIoEndpoint socketIo, SignIn signIn, NotificationApi api) {
        this.registry = registry;
        gauge("notify.port.connections", port::connections);
        gauge("notify.outbound.bytes", port::pendingBytes);
        gauge("notify.engine.sessions", socketIo::clients);
        for (PortRefusal refusal : PortRefusal.values()) {
            counter(
                    "notify.handshakes.refused",
                    () -> port.counts().refusals(refusal),
                    "reason",
                    refusal.name().toLowerCase(Locale.ROOT));
        }
        for (String reason : EngineEndpoint.refusalReasons()) {
            counter("notify.handshakes.refused", () -> socketIo.refusals(reason), "reason", reason);
        }
        for (int hundreds = 1; hundreds <= 5; hundreds++) {
            int of = hundreds;
            counter("notify.http.responses", () -> port.counts().responses(of), "status", of + "xx");
        }
        counter("notify.rate.limited", signIn::limited, "limit", "sign_ins");
        counter("notify.rate.limited", api::limitedSends, "limit", "sends");
    }

    private void gauge(String name, LongSupplier value) {
        registered.add(Gauge.builder(name, value::getAsLong).register(registry));
    }

    /** Registers a counter. The registry references its state object weakly; the server keeps this one reachable. */
    private void counter(String name, LongSupplier value, String... tags) {
        registered.add(FunctionCounter.builder(name, this, held -> value.getAsLong())
                .tags(tags)
                .register(registry));
    }

    @Override
    public void close() {
        registered.forEach(registry::remove);
    }
}
