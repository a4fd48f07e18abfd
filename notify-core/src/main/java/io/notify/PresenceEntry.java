package io.notify;

import java.time.Instant;

/** A connection as the presence book lists it. Thread-safe. */
interface PresenceEntry extends Client {
    Instant connectedAt();
}
