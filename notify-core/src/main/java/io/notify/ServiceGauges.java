package io.notify;

/** Registers the gauges of a service. */
final class ServiceGauges {
    private ServiceGauges() {}

    static void register(
            Meters meters, PresenceBook presence, RoomIndex rooms, LogWriter writer, DeliveryLedger ledger) {
        for (Transport transport : Transport.values()) {
            meters.gauge(
                    "notify.connections", () -> presence.connections(transport), "transport", transport.wireName());
        }
        meters.gauge("notify.users.online", presence::onlineUsers);
        meters.gauge("notify.sessions", presence::sessionCount);
        meters.gauge("notify.rooms", rooms::size);
        meters.gauge("notify.log.queue.rows", writer::queued);
        meters.gauge("notify.log.queue.bytes", writer::queuedBytes);
        meters.gauge("notify.log.statuses", ledger::size);
        meters.gauge("notify.log.available", () -> writer.isAvailable() ? 1 : 0);
    }
}
