package io.notify.jdbc;

import org.jdbi.v3.core.statement.PreparedBatch;

/** An empty batch costs no round trip. */
final class Batches {
    private Batches() {}

    static void execute(PreparedBatch batch) {
        try (batch) {
            if (batch.size() > 0) {
                batch.execute();
            }
        }
    }
}
