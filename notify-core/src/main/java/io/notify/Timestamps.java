package io.notify;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Writes instants as RFC 3339 in UTC, always with three digits of milliseconds. */
final class Timestamps {
    private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
            .toFormatter()
            .withZone(ZoneOffset.UTC);

    private Timestamps() {}

    static String write(Instant instant) {
        return RFC_3339.format(instant);
    }
}
