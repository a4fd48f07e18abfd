package io.notify.benchmarks.faults;

import java.util.ArrayList;
import java.util.List;

/** The line of one run, further figures, and what did not hold. Not for several threads. */
final class Verdict {
    private final Line line;
    private final List<String> figures = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    private Verdict(Line line) {
        this.line = line;
        require(line.clean(), "nothing lost, doubled or out of order");
    }

    static Verdict of(Line line) {
        return new Verdict(line).require(line.stored() == line.acked(), "one row for each acknowledged send");
    }

    /** Where rows may be missing, or more than were acknowledged. */
    static Verdict whateverIsStored(Line line) {
        return new Verdict(line);
    }

    Verdict figure(String name, Object value) {
        figures.add(name + "=" + value);
        return this;
    }

    Verdict require(boolean holds, String what) {
        if (!holds) {
            broken.add(what);
        }
        return this;
    }

    boolean holds() {
        return broken.isEmpty();
    }

    @Override
    public String toString() {
        return line
                + (figures.isEmpty() ? "" : " | " + String.join(" ", figures))
                + (holds() ? " | holds" : " | BROKEN: " + String.join("; ", broken));
    }
}
