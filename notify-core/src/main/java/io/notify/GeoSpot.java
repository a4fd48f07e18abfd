package io.notify;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a user is; what changes is guarded by the monitor of the cell that holds it. Whoever moves within a cell keeps the
 * spot: a new one for each step would be garbage of the costliest kind, since each lives until the next.
 */
final class GeoSpot {
    private final String userId;
    private volatile @Nullable GeoCell cell;
    private volatile long atMillis;

    // Guarded by the cell.
    private Set<String> roles;
    private double latitude;
    private double longitude;
    /** The point as a unit vector; distances come cheap and exact from these, over the poles as well. */
    private double x;

    private double y;
    private double z;
    /** The point on the grid of the finest cells. */
    private int column;

    private int row;
    private int slot;

    GeoSpot(String userId, Set<String> roles, GeoPoint point, Instant at) {
        this.userId = userId;
        this.roles = roles;
        this.atMillis = at.toEpochMilli();
        this.latitude = point.latitude();
        this.longitude = point.longitude();
        double north = Math.toRadians(latitude);
        double east = Math.toRadians(longitude);
        double level = Math.cos(north);
        this.x = level * Math.cos(east);
        this.y = level * Math.sin(east);
        this.z = Math.sin(north);
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
        return new GeoPoint(latitude, longitude);
    }

    /** Any thread. */
    long atMillis() {
        return atMillis;
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

    /** Called by the cell alone, which holds its own lock. */
    void take(GeoSpot fresh) {
        if (!fresh.roles.equals(roles)) {
            roles = fresh.roles;
        }
        atMillis = fresh.atMillis;
        latitude = fresh.latitude;
        longitude = fresh.longitude;
        x = fresh.x;
        y = fresh.y;
        z = fresh.z;
        column = fresh.column;
        row = fresh.row;
    }

    /** Takes over what a new one says if that is in the same cell; false if nothing was done. */
    boolean becomes(GeoSpot fresh) {
        while (true) {
            GeoCell holder = cell;
            if (holder == null || !holder.covers(fresh)) {
                return false;
            }
            if (holder.renew(this, fresh)) {
                return true;
            }
        }
    }

    /** Where it is now, asked by whoever holds no cell. Empty if it is nowhere yet. */
    Optional<GeoPoint> location() {
        for (GeoCell holder = cell; holder != null; holder = cell) {
            GeoPoint point = holder.point(this);
            if (point != null) {
                return Optional.of(point);
            }
        }
        return Optional.empty();
    }

    /** Takes it out of its cell. */
    void remove() {
        GeoCell holder = cell;
        while (holder != null && !holder.remove(this)) {
            holder = cell;
        }
    }
}
