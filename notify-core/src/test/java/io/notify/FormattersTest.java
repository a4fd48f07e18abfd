package io.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormattersTest {
    private final Formatters standard = Formatters.standard();

    private static JsonNode data(Map<String, ?> fields) {
        return new ObjectMapper().valueToTree(fields);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "booking.created",
                "booking.accepted",
                "booking.reminder",
                "booking.completed",
                "review.created",
                "nearby-job",
                "system.maintenance"
            })
    void eachOfTheSevenReadsWellWithNoDataInBothLanguages(String event) {
        Text english = standard.format(event, data(Map.of()), Locale.ROOT);
        Text german = standard.format(event, data(Map.of()), Locale.GERMANY);

        assertThat(english.title()).isNotBlank();
        assertThat(english.message()).matches(".*[.?]").doesNotContain("{", "null");
        assertThat(german.title()).isNotBlank().isNotEqualTo(english.title());
        assertThat(german.message()).matches(".*[.?]").doesNotContain("{", "null");
    }

    @Test
    void theMoreIsKnownTheMoreIsSaid() {
        assertThat(standard.format("booking.created", data(Map.of("customerName", "Ann")), Locale.ROOT)
                        .message())
                .isEqualTo("Ann has sent you a booking request.");
        assertThat(standard.format(
                                "booking.created",
                                data(Map.of("customerName", "Ann", "service", "a haircut", "startsAt", "10:00")),
                                Locale.ROOT)
                        .message())
                .isEqualTo("Ann would like to book a haircut for 10:00.");
        assertThat(standard.format("review.created", data(Map.of("rating", 4.5)), Locale.GERMAN)
                        .message())
                .isEqualTo("Sie haben 4,5 von 5 Sternen bekommen.");
        assertThat(standard.format("nearby-job", data(Map.of("distanceMeters", 1234.56)), Locale.ROOT)
                        .message())
                .isEqualTo("A job is waiting 1,234.6 m from you.");
    }

    @Test
    void bracesAndApostrophesInTheDataAreOnlyText() {
        assertThat(standard.format("booking.created", data(Map.of("customerName", "O'Neill {0}")), Locale.ROOT)
                        .message())
                .isEqualTo("O'Neill {0} has sent you a booking request.");
    }

    @Test
    void anUnknownLanguageIsAnsweredInEnglishWhateverTheMachineSpeaks() {
        assertThat(standard.format("review.created", data(Map.of()), Locale.JAPAN)
                        .title())
                .isEqualTo("New review");
    }

    @Test
    void anEventWithoutAFormatterReadsAsItsName() {
        assertThat(standard.format("order.was-shipped", data(Map.of("message", "On its way.")), Locale.ROOT))
                .isEqualTo(new Text("Order was shipped", "On its way."));
        assertThat(standard.format("...", data(Map.of()), Locale.ROOT)).isEqualTo(new Text("...", ""));
    }

    @Test
    void hostsAddTheirOwnByEventAndByLanguage() {
        Formatters own = standard.with("order.shipped", (e, d, l) -> new Text("Shipped", ""))
                .with("order.shipped", Locale.FRENCH, (e, d, l) -> new Text("Expédié", ""))
                .with("review.created", (e, d, l) -> new Text("Mine", ""));

        assertThat(own.format("order.shipped", data(Map.of()), Locale.CANADA_FRENCH)
                        .title())
                .isEqualTo("Expédié");
        assertThat(own.format("order.shipped", data(Map.of()), Locale.GERMAN).title())
                .isEqualTo("Shipped");
        assertThat(own.format("review.created", data(Map.of()), Locale.ROOT).title())
                .isEqualTo("Mine");
        assertThat(standard.format("review.created", data(Map.of()), Locale.ROOT)
                        .title())
                .isEqualTo("New review");
    }
}
