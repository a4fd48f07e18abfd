package io.notify.benchmarks.faults;

/** Something that goes wrong, and what is looked at afterwards. */
@FunctionalInterface
interface Fault {
    /** Does it once; blocks until everything that it started has been looked at. */
    Verdict happen(Run run) throws Exception;
}
