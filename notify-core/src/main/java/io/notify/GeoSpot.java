package io.notify;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a user was at a time; all of it fixed but the cell that holds it. */
final class GeoSpot {
    private final String userId;
    private final Set<String> roles;
    private final GeoPoint point;
    private final Instant at;
    /** The point as a unit vector; distances come cheap and exact from these, over the poles as well. */
    private final double x;

    private final double y;
    private final double z;
    /** The point on the grid of the finest cells. */
    private final int column;

    private final int row;

    private volatile @Nullable GeoCell cell;
    /** Guarded by the cell. */
    private int slot;

    GeoSpot(String userId, Set<String> roles, GeoPoint point, Instant at) {
        this.userId = userId;
        this.roles = roles;
        this.point = point;
        this.at = at;
        double latitude = Math.toRadians(point.latitude());
        double longitude = Math.toRadians(point.longitude());
        double level = Math.cos(latitude);
        this.x = level * Math.cos(longitude);
        this.y = level * Math.sin(longitude);
        this.z = Math.sin(latitude);
        this.column = GeoCell.column(point.longitude());
        this.row = GeoCell.row(point.latitude());
    }

    String userId() {
        return userId;
    }

    Set<String> roles() {
        return roles;
    }

    GeoPoint point() {
        return point;
    }

    Instant at() {
        return at;
    }

    int column() {
        return column;
    }

    int row() {
        return row;
    }

    /** The square of the straight line through the Earth to another, in Earth radii; 4 at the other end of the world. */
    double squaredChord(GeoSpot other) {
        double dx = x - other.x;
        double dy = y - other.y;
        double dz = z - other.z;
        return dx * dx + dy * dy + dz * dz;
    }

    /** Called by the cell alone, which holds its own lock. */
    void settle(GeoCell cell, int slot) {
        this.slot = slot;
        this.cell = cell;
    }

    /** As {@link #settle}, while the cell is not to be shown yet. */
    void prepare(int slot) {
        this.slot = slot;
    }

    /** As {@link #settle}, once it is. */
    void show(GeoCell cell) {
        this.cell = cell;
    }

    @Nullable
    GeoCell cell() {
        return cell;
    }

    int slot() {
        return slot;
    }

    /** Puts another in its place if that is in the same cell; false if nothing was done. */
    boolean replaceWith(GeoSpot fresh) {
        while (true) {
            GeoCell holder = cell;
            if (holder == null || !holder.covers(fresh)) {
                return false;
            }
            if (holder.replace(this, fresh)) {
                return true;
            }
        }
    }

    /** Takes it out of its cell. */
    void remove() {
        GeoCell holder = cell;
        while (holder != null && !holder.remove(this)) {
            holder = cell;
        }
    }
}
