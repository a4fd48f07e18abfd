package io.notify;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Knows each user's last position, and misses nobody who stood within a circle throughout a query, however many move
 * meanwhile. Any thread.
 *
 * <p>Positions lie in a tree of cells, each cut in four when it gets full; so a query costs in proportion to the users in
 * the circle's surroundings, dense or sparse. Locks are held for one cell at a time, for the time of looking at about
 * thirty positions. A user on the way from one cell to another could slip past a search that sees the new cell too early and
 * the old one too late; therefore running searches are shown everybody who changes cells.
 */
final class GeoIndex {
    private final ConcurrentMap<String, GeoSpot> spots = new ConcurrentHashMap<>();
    private final GeoCell root = GeoCell.world();
    private final List<GeoSearch> searches = new CopyOnWriteArrayList<>();

    /** Says where a user is; the last call counts. */
    void update(String userId, Set<String> roles, GeoPoint point, Instant at) {
        GeoSpot fresh = new GeoSpot(userId, roles, point, at);
        spots.compute(userId, (id, known) -> known != null && known.becomes(fresh) ? known : move(known, fresh));
    }

    private GeoSpot move(@Nullable GeoSpot old, GeoSpot fresh) {
        // in, told, out: in this order, or a search could miss the user
        root.insert(fresh);
        for (GeoSearch search : searches) {
            // nobody changes it meanwhile: whoever would waits for this user's turn
            search.show(fresh);
        }
        if (old != null) {
            old.remove();
        }
        return fresh;
    }

    /** Forgets a user. */
    void remove(String userId) {
        spots.computeIfPresent(userId, (id, spot) -> {
            spot.remove();
            return null;
        });
    }

    Optional<GeoPoint> location(String userId) {
        return Optional.ofNullable(spots.get(userId)).flatMap(GeoSpot::location);
    }

    int size() {
        return spots.size();
    }

    /**
     * Who is near.
     *
     * @param radiusMeters along the Earth's surface, the edge included
     * @param role null for whoever
     * @param online who counts wherever their position comes from
     * @param notBefore how old the position of anybody else may be
     */
    Collection<String> within(
            GeoPoint center, double radiusMeters, @Nullable String role, Predicate<String> online, Instant notBefore) {
        GeoSearch search = new GeoSearch(new GeoCircle(center, radiusMeters), role, notBefore);
        searches.add(search);
        try {
            root.search(search);
        } finally {
            searches.remove(search);
        }
        return search.users(online);
    }

    /** Forgets whoever is not online and was last heard of before {@code notBefore}, and gives back empty cells. */
    void purge(Instant notBefore, Predicate<String> online) {
        spots.forEach((userId, seen) -> {
            if (isStale(seen, notBefore, online)) {
                spots.computeIfPresent(userId, (id, spot) -> {
                    if (!isStale(spot, notBefore, online)) {
                        return spot;
                    }
                    spot.remove();
                    return null;
                });
            }
        });
        root.tidy();
    }

    private static boolean isStale(GeoSpot spot, Instant notBefore, Predicate<String> online) {
        return spot.atMillis() < notBefore.toEpochMilli() && !online.test(spot.userId());
    }
}
