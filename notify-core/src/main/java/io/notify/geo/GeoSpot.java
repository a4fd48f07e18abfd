package io.notify.geo;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A user's last position. The monitor of the cell that holds the spot guards its fields. A user who moves within a cell keeps
 * the spot: a new object for each step would live until the next step, long enough to reach the old generation.
 */
final class GeoSpot {
    private final String userId;
    private volatile @Nullable GeoCell cell;
    private volatile long atMillis;

    // Guarded by the cell.
    private Set<String> roles;
    private double latitude;
    private double longitude;
    /** The point as a unit vector, from which distances are cheap, exact, and right at the poles. */
    private double x;

    private double y;
    private double z;
    /** The point on the grid of the smallest cells. */
    private int column;

    private int row;
    /** The spot's index in its cell. */
    private int slot;

    GeoSpot(String userId, Set<String> roles, double latitude, double longitude, Instant at) {
        this.userId = userId;
        this.roles = roles;
        this.atMillis = at.toEpochMilli();
        this.latitude = latitude;
        this.longitude = longitude;
        double north = Math.toRadians(latitude);
        double east = Math.toRadians(longitude);
        double level = Math.cos(north);
        this.x = level * Math.cos(east);
        this.y = level * Math.sin(east);
        this.z = Math.sin(north);
        this.column = GeoCell.column(longitude);
        this.row = GeoCell.row(latitude);
    }

    String userId() {
        return userId;
    }

    Set<String> roles() {
        return roles;
    }

    <P> P point(GeoIndex.PointFactory<P> points) {
        return points.create(latitude, longitude);
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

    /** The square of the chord to another spot, in Earth radii; 4 for the antipode. */
    double squaredChord(GeoSpot other) {
        double dx = x - other.x;
        double dy = y - other.y;
        double dz = z - other.z;
        return dx * dx + dy * dy + dz * dz;
    }

    /** Called by cells only. Other threads find the cell from here on, so it must be complete, and the slot set. */
    void setCell(GeoCell cell) {
        this.cell = cell;
    }

    /** Called by cells only. */
    void setSlot(int slot) {
        this.slot = slot;
    }

    @Nullable
    GeoCell cell() {
        return cell;
    }

    int slot() {
        return slot;
    }

    /** Called by the cell only, under its monitor. */
    void copyFrom(GeoSpot fresh) {
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

    /** Takes over the position of a new spot if both are in the same cell; otherwise does nothing and returns false. */
    boolean moveWithinCell(GeoSpot fresh) {
        while (true) {
            GeoCell holder = cell;
            if (holder == null || !holder.covers(fresh)) {
                return false;
            }
            if (holder.replacePosition(this, fresh)) {
                return true;
            }
        }
    }

    /** Returns the point, read under the cell's monitor; empty if no cell holds the spot yet. */
    <P> Optional<P> location(GeoIndex.PointFactory<P> points) {
        for (GeoCell holder = cell; holder != null; holder = cell) {
            P point = holder.point(this, points);
            if (point != null) {
                return Optional.of(point);
            }
        }
        return Optional.empty();
    }

    /** Removes the spot from its cell. */
    void remove() {
        GeoCell holder = cell;
        while (holder != null && !holder.remove(this)) {
            holder = cell;
        }
    }
}
