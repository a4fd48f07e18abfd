package io.notify;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One question of who is near: takes down everybody it is shown who is in the circle, as they are when it is shown them. Any
 * thread may show; whoever does holds what guards the spot.
 */
final class GeoSearch {
    private final GeoCircle circle;
    private final @Nullable String role;
    private final long notBefore;
    private final Queue<Sighting> seen = new ConcurrentLinkedQueue<>();

    /**
     * A question that nobody has been shown to.
     *
     * @param role null for whoever
     * @param notBefore how old the position of whoever is not online may be
     */
    GeoSearch(GeoCircle circle, @Nullable String role, Instant notBefore) {
        this.circle = circle;
        this.role = role;
        this.notBefore = notBefore.toEpochMilli();
    }

    GeoCircle circle() {
        return circle;
    }

    void show(GeoSpot spot) {
        if (circle.contains(spot) && (role == null || spot.roles().contains(role))) {
            seen.add(new Sighting(spot.userId(), spot.atMillis() >= notBefore));
        }
    }

    /** Everybody seen, each once, without those whose position is old and who are not online. */
    Collection<String> users(Predicate<String> online) {
        Set<String> users = new HashSet<>(seen.size() * 2);
        for (Sighting sighting : seen) {
            if (sighting.current() || online.test(sighting.userId())) {
                users.add(sighting.userId());
            }
        }
        return users;
    }

    private record Sighting(String userId, boolean current) {}
}
