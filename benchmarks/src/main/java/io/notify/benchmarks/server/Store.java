package io.notify.benchmarks.server;

import java.util.Map;

/** Where a server keeps its log. */
@FunctionalInterface
public interface Store {
    /** The variables that lead a server there. */
    Map<String, String> variables();
}
