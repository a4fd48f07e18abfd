package io.notify;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What the log thread writes besides notifications, in steps so small that a send behind one does not notice: delivery status
 * and remembered rooms. What cannot be written now is kept for the next time. Touched by the log thread alone.
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

    /** Whether a step is full, so that there is nothing to be gained by waiting. */
    boolean isDue() {
        return ledger.size() >= STATUSES;
    }

    /**
     * Writes a step of each, and more while nothing waits.
     *
     * @param idle whether no send waits
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
