package io.notify;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Stores delivery status and remembered rooms, in steps too small to delay a send noticeably. Items that cannot be written now
 * are kept for the next step. Confined to the log thread.
 */
final class LogUpkeep {
    private static final int STATUSES = 512;
    private static final int SESSIONS = 16;

    private final NotificationLog log;
    private final DeliveryLedger ledger;
    private final RoomMemory roomMemory;

    LogUpkeep(NotificationLog log, DeliveryLedger ledger, RoomMemory roomMemory) {
        this.log = log;
        this.ledger = ledger;
        this.roomMemory = roomMemory;
    }

    /** Whether enough status is pending to fill a step, so that waiting gains nothing. */
    boolean isDue() {
        return ledger.size() >= STATUSES;
    }

    /**
     * Writes one step of each kind, and further steps while the log thread is idle.
     *
     * @param idle whether no send is waiting
     * @throws LogUnavailableException if the log cannot be written
     */
    void step(BooleanSupplier idle) {
        List<DeliveryStatus> statuses = ledger.drain(STATUSES);
        while (!statuses.isEmpty()) {
            record(statuses);
            statuses = idle.getAsBoolean() ? ledger.drain(STATUSES) : List.of();
        }
        if (!roomMemory.isEmpty()) {
            roomMemory.store(log, SESSIONS, idle);
        }
    }

    private void record(List<DeliveryStatus> statuses) {
        try {
            log.recordDeliveries(statuses);
        } catch (LogUnavailableException e) {
            ledger.restore(statuses);
            throw e;
        }
    }
}
