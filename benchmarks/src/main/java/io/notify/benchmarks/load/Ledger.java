package io.notify.benchmarks.load;

import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Holds what came against what was sent: each note once, at each client that it was for. Any thread; what one client gets
 * comes on one.
 */
final class Ledger {
    private final Traffic traffic;
    private final List<BitSet> seen;
    private final LongAdder expected = new LongAdder();
    private final LongAdder arrived = new LongAdder();
    private final LongAdder unexpected = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Recorder latencies = new Recorder(3);

    Ledger(Traffic traffic) {
        this.traffic = traffic;
        this.seen = Stream.generate(BitSet::new).limit(traffic.clients()).toList();
    }

    /** Before a note is sent. */
    void sending() {
        expected.add(traffic.fanOut());
    }

    /** A send was not answered with yes. */
    void refused() {
        refused.increment();
    }

    /** Whether the client was to get it and had not. */
    boolean arrived(int client, Note note) {
        long nanos = System.nanoTime() - note.sentAt();
        BitSet known = seen.get(client);
        int place = traffic.place(note.number());
        if (!traffic.isFor(note.number(), client) || known.get(place)) {
            unexpected.increment();
            return false;
        }
        known.set(place);
        arrived.increment();
        latencies.recordValue(Math.max(0, nanos));
        return true;
    }

    long expected() {
        return expected.sum();
    }

    long arrived() {
        return arrived.sum();
    }

    long missing() {
        return expected.sum() - arrived.sum();
    }

    /** Those that came twice, or to somebody else. */
    long unexpected() {
        return unexpected.sum();
    }

    long refusals() {
        return refused.sum();
    }

    /** From sending to arriving, in nanoseconds, of all that arrived since this was last asked. One thread. */
    Histogram latencies() {
        return latencies.getIntervalHistogram();
    }
}
