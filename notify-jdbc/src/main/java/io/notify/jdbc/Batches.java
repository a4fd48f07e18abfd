package io.notify.jdbc;

import org.jdbi.v3.core.statement.PreparedBatch;

/** Executes batches; an empty one costs no round trip. */
final class Batches {
    private Batches() {}

    /** Returns how many rows each statement changed. */
    static int[] execute(PreparedBatch batch) {
        try (batch) {
            return batch.size() == 0 ? new int[0] : batch.execute();
        }
    }
}
