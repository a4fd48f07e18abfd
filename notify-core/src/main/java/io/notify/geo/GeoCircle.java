package io.notify.geo;

import java.time.Instant;
import java.util.Set;

/**
 * All points within a great-circle distance of a center, the border included, on a sphere of the Earth's mean radius (IUGG:
 * 6,371,008.8 m; at most 0.6 % off the ellipsoid). Immutable.
 *
 * <p>Distances are compared as squared chords. A chord is {@code 2 sin(angle / 2)}, the root of haversine's term, so the
 * comparison is haversine's without its trigonometry.
 */
final class GeoCircle {
    private static final double EARTH_RADIUS_METERS = 6_371_008.8;
    /** Allowance for rounding, in degrees: about 0.1 mm. */
    private static final double MARGIN = 1e-9;

    private final GeoSpot center;
    private final double maxSquaredChord;
    private final int lowRow;
    private final int highRow;
    private final int lowColumn;
    private final int highColumn;

    GeoCircle(double latitude, double longitude, double radiusMeters) {
        this.center = new GeoSpot("", Set.of(), latitude, longitude, Instant.EPOCH);
        double angle = Math.max(0, radiusMeters / EARTH_RADIUS_METERS);
        double chord = 2 * Math.sin(Math.min(angle, Math.PI) / 2);
        // from half the circumference on, the circle is the whole globe, whatever rounding says
        this.maxSquaredChord = angle >= Math.PI ? Double.MAX_VALUE : chord * chord + 1e-18;

        double degrees = Math.toDegrees(angle) + MARGIN;
        double south = latitude - degrees;
        double north = latitude + degrees;
        this.lowRow = GeoCell.row(Math.max(-90, south));
        this.highRow = GeoCell.row(Math.min(90, north));
        boolean holdsPole = south <= -90 || north >= 90;
        double halfWidth = holdsPole ? 180 : halfWidth(angle, latitude);
        if (halfWidth > 179) {
            // all columns: the two ends, wrapped, could meet in one column and look like a narrow strip
            this.lowColumn = GeoCell.column(-180);
            this.highColumn = GeoCell.column(180);
        } else {
            this.lowColumn = GeoCell.column(wrap(longitude - halfWidth));
            this.highColumn = GeoCell.column(wrap(longitude + halfWidth));
        }
    }

    /** The circle's reach to the east and to the west, in degrees, if it holds no pole. */
    private static double halfWidth(double angle, double latitude) {
        double ratio = Math.sin(angle) / Math.cos(Math.toRadians(latitude));
        // near a pole the arc sine is steep and rounding matters
        return ratio >= 1 - 1e-9 ? 180 : Math.toDegrees(Math.asin(ratio)) * (1 + 1e-9) + MARGIN;
    }

    private static double wrap(double longitude) {
        if (longitude < -180) {
            return longitude + 360;
        }
        return longitude > 180 ? longitude - 360 : longitude;
    }

    boolean contains(GeoSpot spot) {
        return center.squaredChord(spot) <= maxSquaredChord;
    }

    /** Whether the circle's bounding box meets a part of the grid, ends included. */
    boolean meets(int fromColumn, int toColumn, int fromRow, int toRow) {
        if (toRow < lowRow || fromRow > highRow) {
            return false;
        }
        return lowColumn <= highColumn
                ? toColumn >= lowColumn && fromColumn <= highColumn
                // across the antimeridian
                : toColumn >= lowColumn || fromColumn <= highColumn;
    }
}
