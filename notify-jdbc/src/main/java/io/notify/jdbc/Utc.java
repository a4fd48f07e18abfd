package io.notify.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/**
 * Times go to the database and come back as UTC wall times of whole milliseconds: {@link java.sql.Timestamp} would pass
 * them through the JVM's zone, where some hours do not exist and others happen twice.
 */
final class Utc {
    /** The range that all three databases store. */
    private static final Instant MIN = Instant.parse("1000-01-01T00:00:00Z");

    private static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999Z");

    private Utc() {}

    static LocalDateTime column(Instant instant) {
        return LocalDateTime.ofInstant(storable(instant), ZoneOffset.UTC);
    }

    /** What {@link #column} keeps, since 1970. */
    static long millis(Instant instant) {
        return storable(instant).toEpochMilli();
    }

    private static Instant storable(Instant instant) {
        Instant within = instant.isBefore(MIN) ? MIN : instant.isAfter(MAX) ? MAX : instant;
        return within.truncatedTo(ChronoUnit.MILLIS);
    }

    static Argument argument(@Nullable Instant instant) {
        return (position, statement, context) -> {
            if (instant == null) {
                statement.setNull(position, Types.TIMESTAMP);
            } else {
                statement.setObject(position, column(instant));
            }
        };
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }

    static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
        LocalDateTime time = row.getObject(column, LocalDateTime.class);
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }
}
