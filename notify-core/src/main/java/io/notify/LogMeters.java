package io.notify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Counts and times commits to the log. Any thread. */
final class LogMeters {
    private final DistributionSummary batchRows;
    private final Timer commitTime;
    private final Timer failedCommitTime;
    private final Counter purged;

    LogMeters(MeterGroup group) {
        batchRows = group.summary("notify.log.batch");
        commitTime = group.timer("notify.log.commit", "outcome", "committed");
        failedCommitTime = group.timer("notify.log.commit", "outcome", "failed");
        purged = group.counter("notify.log.purged");
    }

    void committed(int rows, long nanos) {
        batchRows.record(rows);
        commitTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    void commitFailed(long nanos) {
        failedCommitTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    void purged(int rows) {
        purged.increment(rows);
    }
}
