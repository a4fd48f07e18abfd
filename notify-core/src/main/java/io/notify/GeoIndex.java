package io.notify;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
 * thirty positions. A user on the way from one cell to another could slip past a query that sees the new cell too early and
 * the old one too late; therefore running queries are told of everybody who changes cells.
 */
final class GeoIndex {
    private final ConcurrentMap<String, GeoSpot> spots = new ConcurrentHashMap<>();
    private final GeoCell root = GeoCell.world();
    private final List<Queue<GeoSpot>> queries = new CopyOnWriteArrayList<>();

    /** Says where a user is; the last call counts. */
    void update(String userId, Set<String> roles, GeoPoint point, Instant at) {
        GeoSpot fresh = new GeoSpot(userId, roles, point, at);
        spots.compute(userId, (id, old) -> {
            move(old, fresh);
            return fresh;
        });
    }

    private void move(@Nullable GeoSpot old, GeoSpot fresh) {
        if (old != null && old.replaceWith(fresh)) {
            return;
        }
        // in, told, out: in this order, or a query could miss the user
        root.insert(fresh);
        for (Queue<GeoSpot> query : queries) {
            query.add(fresh);
        }
        if (old != null) {
            old.remove();
        }
    }

    /** Forgets a user. */
    void remove(String userId) {
        spots.computeIfPresent(userId, (id, spot) -> {
            spot.remove();
            return null;
        });
    }

    Optional<GeoPoint> location(String userId) {
        return Optional.ofNullable(spots.get(userId)).map(GeoSpot::point);
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
    @SuppressWarnings("CollectionUndefinedEquality") // a query is itself and no other
    Collection<String> within(
            GeoPoint center, double radiusMeters, @Nullable String role, Predicate<String> online, Instant notBefore) {
        GeoCircle circle = new GeoCircle(center, radiusMeters);
        Queue<GeoSpot> moved = new ConcurrentLinkedQueue<>();
        queries.add(moved);
        Collection<GeoSpot> found;
        try {
            found = root.search(circle);
        } finally {
            queries.remove(moved);
        }
        for (GeoSpot spot : moved) {
            if (circle.contains(spot)) {
                found.add(spot);
            }
        }
        Set<String> users = new HashSet<>(found.size() * 2);
        for (GeoSpot spot : found) {
            boolean current = !spot.at().isBefore(notBefore) || online.test(spot.userId());
            if (current && (role == null || spot.roles().contains(role))) {
                users.add(spot.userId());
            }
        }
        return users;
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
        return spot.at().isBefore(notBefore) && !online.test(spot.userId());
    }
}
