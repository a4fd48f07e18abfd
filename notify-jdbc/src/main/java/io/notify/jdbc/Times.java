package io.notify.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Converts between instants and the database's times: UTC wall times of whole milliseconds, read and, on SQLite, written as
 * {@code 2026-07-01 12:00:00.123}.
 *
 * <p>{@link java.sql.Timestamp} is avoided: it passes through the JVM's zone, in which some hours do not exist and others
 * happen twice.
 */
final class Times {
    /** The range that every supported database stores. */
    private static final Instant MIN = Instant.parse("1000-01-01T00:00:00Z");

    private static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999Z");

    private Times() {}

    /** The nearest instant that can be stored. */
    static Instant storable(Instant instant) {
        Instant within = instant.isBefore(MIN) ? MIN : instant.isAfter(MAX) ? MAX : instant;
        return within.truncatedTo(ChronoUnit.MILLIS);
    }

    static LocalDateTime dateTime(Instant instant) {
        return LocalDateTime.ofInstant(storable(instant), ZoneOffset.UTC);
    }

    static String text(Instant instant) {
        LocalDateTime time = dateTime(instant);
        char[] text = "0000-00-00 00:00:00.000".toCharArray();
        digits(text, 3, time.getYear());
        digits(text, 6, time.getMonthValue());
        digits(text, 9, time.getDayOfMonth());
        digits(text, 12, time.getHour());
        digits(text, 15, time.getMinute());
        digits(text, 18, time.getSecond());
        digits(text, 22, time.getNano() / 1_000_000);
        return new String(text);
    }

    private static void digits(char[] text, int last, int value) {
        int rest = value;
        for (int i = last; rest > 0; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        Instant instant = nullableInstant(row, column);
        if (instant == null) {
            throw new SQLException(column + ": NULL (expected: a time)", "22004");
        }
        return instant;
    }

    static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
        Object value = row.getObject(column);
        if (value == null) {
            return null;
        }
        // SQLite's is a text; other drivers' own types, and their texts, may have passed through the JVM's zone
        LocalDateTime time = value instanceof String text
                ? LocalDateTime.parse(text.replace(' ', 'T'))
                : row.getObject(column, LocalDateTime.class);
        return time.toInstant(ZoneOffset.UTC);
    }
}
