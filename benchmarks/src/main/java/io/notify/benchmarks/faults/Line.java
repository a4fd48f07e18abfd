package io.notify.benchmarks.faults;

/**
 * What came of every notification of one run.
 *
 * @param acked durable sends that were answered with yes
 * @param stored rows that the log holds of them
 * @param received of those acknowledged, how many everybody got whom they were for
 * @param lost the others
 * @param dupBefore arrivals whose id the client knew already
 * @param dupAfter arrivals of a send that the client had got under another id
 * @param reordered arrivals, known ids dropped, at a position not above the one before
 * @param maxGapMillis the longest time in which nobody received anything
 */
record Line(
        long acked,
        long stored,
        long received,
        long lost,
        long dupBefore,
        long dupAfter,
        long reordered,
        long maxGapMillis) {

    /** Whether nothing acknowledged was lost, doubled or out of order. */
    boolean clean() {
        return lost == 0 && dupAfter == 0 && reordered == 0;
    }

    @Override
    public String toString() {
        return "acked=%d stored=%d received=%d lost=%d dup_before=%d dup_after=%d reordered=%d max_gap_ms=%d"
                .formatted(acked, stored, received, lost, dupBefore, dupAfter, reordered, maxGapMillis);
    }
}
