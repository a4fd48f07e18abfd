package io.notify;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executor;

/** What every connection of one service shares. */
record ConnectionContext(
        Clock clock,
        Json json,
        RoomIndex rooms,
        PresenceBook presence,
        DeliveryLedger ledger,
        RoomMemory roomMemory,
        ClientEvents events,
        Replay replay,
        Executor handlers,
        Meters meters) {
    Instant now() {
        return clock.instant();
    }
}
