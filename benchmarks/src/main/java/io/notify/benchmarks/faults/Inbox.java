package io.notify.benchmarks.faults;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one client got, whichever transports it got it by: it drops the ids that it knows, and counts what should not have
 * come. Any thread.
 */
final class Inbox {
    private final String user;
    private final Pulse pulse;
    private final Set<String> ids = new HashSet<>();
    private final Map<Integer, String> idOf = new HashMap<>();
    private String epoch = "";
    private long seq;
    private long dupBefore;
    private long dupAfter;
    private long reordered;
    private long gaps;

    Inbox(String user, Pulse pulse) {
        this.user = user;
        this.pulse = pulse;
    }

    String user() {
        return user;
    }

    /** @param n the sender's own number */
    void arrived(String id, int n, String position) {
        pulse.beat();
        synchronized (this) {
            if (!ids.add(id)) {
                dupBefore++;
                return;
            }
            if (idOf.putIfAbsent(n, id) != null) {
                dupAfter++;
            }
            int dash = position.lastIndexOf('-');
            String newEpoch = position.substring(0, dash);
            long newSeq = Long.parseLong(position.substring(dash + 1));
            if (newEpoch.equals(epoch) && newSeq <= seq) {
                reordered++;
            }
            epoch = newEpoch;
            seq = newSeq;
        }
    }

    synchronized void gap() {
        gaps++;
    }

    synchronized boolean has(int n) {
        return idOf.containsKey(n);
    }

    synchronized int size() {
        return idOf.size();
    }

    synchronized long dupBefore() {
        return dupBefore;
    }

    synchronized long dupAfter() {
        return dupAfter;
    }

    synchronized long reordered() {
        return reordered;
    }

    /** How often the server said that it cannot show something. */
    synchronized long gaps() {
        return gaps;
    }
}
