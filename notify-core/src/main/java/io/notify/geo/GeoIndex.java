package io.notify.geo;

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
 * Index of users' last positions. A search returns every user who is within the circle throughout, however many users move
 * meanwhile. Any thread.
 *
 * <p>The index is a quadtree whose cells hold at most 32 positions, so the cost of a search follows the number of users near
 * the circle, in a dense city as in the country. One cell is locked at a time, for as long as its positions are read. A user
 * who changes cells could be missed by a search that reads the new cell too early and the old one too late; so users who
 * change cells are also shown to all running searches.
 */
public final class GeoIndex {
    private final ConcurrentMap<String, GeoSpot> spots = new ConcurrentHashMap<>();
    private final GeoCell root = GeoCell.root();
    private final List<GeoSearch> searches = new CopyOnWriteArrayList<>();

    /**
     * Replaces a user's position.
     *
     * @param latitude -90 to 90 degrees
     * @param longitude -180 to 180 degrees
     */
    public void update(String userId, Set<String> roles, double latitude, double longitude, Instant at) {
        GeoSpot fresh = new GeoSpot(userId, roles, latitude, longitude, at);
        spots.compute(userId, (id, known) -> known != null && known.moveWithinCell(fresh) ? known : move(known, fresh));
    }

    private GeoSpot move(@Nullable GeoSpot old, GeoSpot fresh) {
        // insert, show, remove: in another order a search could miss the user
        root.insert(fresh);
        for (GeoSearch search : searches) {
            // the spot cannot change meanwhile: the map computes one value for a user at a time
            search.show(fresh);
        }
        if (old != null) {
            old.remove();
        }
        return fresh;
    }

    /** Removes a user. */
    public void remove(String userId) {
        removeIf(userId, spot -> true);
    }

    private void removeIf(String userId, Predicate<GeoSpot> condition) {
        spots.computeIfPresent(userId, (id, spot) -> {
            if (!condition.test(spot)) {
                return spot;
            }
            spot.remove();
            return null;
        });
    }

    /** Returns a user's last position, made by {@code points}; empty if it is not known. */
    public <P> Optional<P> location(String userId, PointFactory<P> points) {
        return Optional.ofNullable(spots.get(userId)).flatMap(spot -> spot.location(points));
    }

    int size() {
        return spots.size();
    }

    /**
     * Returns the users within a circle.
     *
     * @param radiusMeters along the Earth's surface; the border is included
     * @param role the role that a user has to have; null for any
     * @param online tells whether a user is online; the position of such a user counts at any age
     * @param notBefore the oldest position that counts for other users
     */
    public Collection<String> within(
            double latitude,
            double longitude,
            double radiusMeters,
            @Nullable String role,
            Predicate<String> online,
            Instant notBefore) {
        GeoSearch search = new GeoSearch(new GeoCircle(latitude, longitude, radiusMeters), role, notBefore);
        searches.add(search);
        try {
            root.search(search);
        } finally {
            searches.remove(search);
        }
        return search.users(online);
    }

    /** Removes the users who are offline and whose position is older than {@code notBefore}. At most one thread at a time. */
    public void purge(Instant notBefore, Predicate<String> online) {
        long oldest = notBefore.toEpochMilli();
        Predicate<GeoSpot> stale = spot -> spot.atMillis() < oldest && !online.test(spot.userId());
        spots.forEach((userId, spot) -> {
            if (stale.test(spot)) {
                removeIf(userId, stale);
            }
        });
        root.mergeSparse();
    }

    /** Makes the caller's type of a point. */
    @FunctionalInterface
    public interface PointFactory<P> {
        P create(double latitude, double longitude);
    }
}
