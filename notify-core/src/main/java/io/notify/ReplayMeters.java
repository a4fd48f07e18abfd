package io.notify;

import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.Map;

/** Counts resumes and the gaps that they report. Any thread. */
final class ReplayMeters {
    private final Map<Outcome, Counter> resumes;
    private final Map<GapReason, Counter> gaps;

    /** The end of a resume. */
    enum Outcome {
        COMPLETED,
        UNAVAILABLE,
        /** The client disconnected, or fell behind, before the replay was complete. */
        ABANDONED
    }

    ReplayMeters(MeterGroup group) {
        resumes = group.counters("notify.resumes", "outcome", List.of(Outcome.values()), MeterGroup::tag);
        gaps = group.counters("notify.gaps", "reason", List.of(GapReason.values()), GapReason::wireName);
    }

    void resumed(Outcome outcome) {
        MeterGroup.count(resumes, outcome);
    }

    void gap(GapReason reason) {
        MeterGroup.count(gaps, reason);
    }
}
