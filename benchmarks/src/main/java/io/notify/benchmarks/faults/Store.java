package io.notify.benchmarks.faults;

import java.util.Map;

/** Where a server keeps its log. */
@FunctionalInterface
interface Store {
    /** The variables that lead a server there. */
    Map<String, String> variables();
}
