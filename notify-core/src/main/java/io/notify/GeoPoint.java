package io.notify;

/**
 * A point on the Earth, in degrees (WGS 84).
 *
 * @param latitude -90 to 90, north positive
 * @param longitude -180 to 180, east positive
 */
public record GeoPoint(double latitude, double longitude) {
    public GeoPoint {
        if (!(latitude >= -90 && latitude <= 90)) {
            throw new IllegalArgumentException("latitude: " + latitude + " (expected: -90 to 90 degrees)");
        }
        if (!(longitude >= -180 && longitude <= 180)) {
            throw new IllegalArgumentException("longitude: " + longitude + " (expected: -180 to 180 degrees)");
        }
    }
}
