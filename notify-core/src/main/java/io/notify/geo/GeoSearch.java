package io.notify.geo;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A running search: collects the spots within a circle. Any thread may show it a spot. */
final class GeoSearch {
    private final GeoCircle circle;
    private final @Nullable String role;
    private final long notBefore;
    private final Queue<Match> matches = new ConcurrentLinkedQueue<>();

    /**
     * Creates a search without matches.
     *
     * @param role the role that a user has to have; null for any
     * @param notBefore the oldest position of a user who is offline
     */
    GeoSearch(GeoCircle circle, @Nullable String role, Instant notBefore) {
        this.circle = circle;
        this.role = role;
        this.notBefore = notBefore.toEpochMilli();
    }

    GeoCircle circle() {
        return circle;
    }

    /** Adds a spot to the matches if it is one. The caller sees to it that the spot does not change meanwhile. */
    void show(GeoSpot spot) {
        if (circle.contains(spot) && (role == null || spot.roles().contains(role))) {
            matches.add(new Match(spot.userId(), spot.atMillis() >= notBefore));
        }
    }

    /** Returns each match's user once, without users who are offline and whose position is too old. */
    Collection<String> users(Predicate<String> online) {
        Set<String> users = new HashSet<>(matches.size() * 2);
        for (Match match : matches) {
            if (match.recent() || online.test(match.userId())) {
                users.add(match.userId());
            }
        }
        return users;
    }

    private record Match(String userId, boolean recent) {}
}
