package io.notify;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Writes instants as RFC 3339 in UTC, always with three digits of milliseconds. By hand, since each notification and each
 * greeting has one, and a DateTimeFormatter is much code to run and to compile for 24 digits.
 */
final class Timestamps {
    private static final long YEAR_0 = -62_167_219_200L; // in seconds since 1970
    private static final long YEAR_10000 = 253_402_300_800L;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private Timestamps() {}

    /** @param instant outside the years 0 to 9999, which RFC 3339 has, it is written as {@link Instant#toString} does */
    static String write(Instant instant) {
        long second = instant.getEpochSecond();
        if (second < YEAR_0 || second >= YEAR_10000) {
            return instant.toString();
        }
        LocalDateTime time = LocalDateTime.ofEpochSecond(second, instant.getNano(), ZoneOffset.UTC);
        byte[] text = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.ISO_8859_1);
        digits(text, 3, time.getYear());
        digits(text, 6, time.getMonthValue());
        digits(text, 9, time.getDayOfMonth());
        digits(text, 12, time.getHour());
        digits(text, 15, time.getMinute());
        digits(text, 18, time.getSecond());
        digits(text, 22, time.getNano() / NANOS_PER_MILLI);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** @param last where the last digit goes; those before a shorter number stay zeros */
    private static void digits(byte[] text, int last, int number) {
        int rest = number;
        for (int at = last; rest > 0; at--) {
            text[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
