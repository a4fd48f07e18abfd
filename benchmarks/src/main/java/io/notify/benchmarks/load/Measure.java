package io.notify.benchmarks.load;

/** What a run measures. */
enum Measure {
    /** One note to everybody after the other: the next when all have the former. */
    BROADCAST,
    /** To one user in turn, several under way at a time. */
    UNICAST,
    /** To everybody at fixed times, whatever became of the former. */
    PACED,
    /** Nothing is sent: what a connection holds. */
    IDLE,
    /** All come in at once, several times on one process. */
    CONNECT
}
