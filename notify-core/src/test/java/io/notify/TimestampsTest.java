package io.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampsTest {
    @ParameterizedTest
    @CsvSource({
        "2026-11-28T16:22:31.045999Z, 2026-11-28T16:22:31.045Z",
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05.000Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999Z",
        "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z",
        "2024-02-29T12:00:00.1Z, 2024-02-29T12:00:00.100Z",
    })
    void hasAlwaysThreeDigitsOfMilliseconds(Instant instant, String written) {
        assertThat(Timestamps.write(instant)).isEqualTo(written);
    }

    @Test
    void writesWhatAFormatterWould() {
        DateTimeFormatter formatter =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
        Random random = new Random(1);
        long from = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
        long to = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
        for (int i = 0; i < 10_000; i++) {
            Instant instant = Instant.ofEpochSecond(
                    from + (long) (random.nextDouble() * (to - from)), random.nextInt(1_000_000_000));
            assertThat(Timestamps.write(instant)).isEqualTo(formatter.format(instant));
        }
    }

    @Test
    void writesAYearThatRfc3339HasNot() {
        assertThat(Timestamps.write(Instant.MAX)).isEqualTo(Instant.MAX.toString());
        assertThat(Timestamps.write(Instant.parse("-0001-06-01T00:00:00Z"))).isEqualTo("-0001-06-01T00:00:00Z");
    }
}
