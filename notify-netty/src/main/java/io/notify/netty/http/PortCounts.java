package io.notify.netty.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts the responses and the refusals of one port. Internal to notify-netty. Any thread. */
public final class PortCounts {
    private static final int CLASSES = 6;

    private final Map<PortRefusal, LongAdder> refusals = new EnumMap<>(PortRefusal.class);
    private final LongAdder[] responses = new LongAdder[CLASSES];

    PortCounts() {
        for (PortRefusal refusal : PortRefusal.values()) {
            refusals.put(refusal, new LongAdder());
        }
        for (int i = 0; i < CLASSES; i++) {
            responses[i] = new LongAdder();
        }
    }

    void refused(PortRefusal why) {
        LongAdder counter = refusals.get(why);
        if (counter != null) {
            counter.increment();
        }
    }

    void answered(int status) {
        responses[status / 100].increment();
    }

    /** Returns how many connections or requests were refused for a reason. */
    public long refusals(PortRefusal why) {
        LongAdder counter = refusals.get(why);
        return counter == null ? 0 : counter.sum();
    }

    /**
     * Returns how many responses had a status of a class.
     *
     * @param hundreds the first digit of the status, 1 to 5
     */
    public long responses(int hundreds) {
        return responses[hundreds].sum();
    }
}
