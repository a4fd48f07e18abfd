package io.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/**
 * Words the seven events from a bundle of sentences: of each the longest whose fields the data has, so that what is missing
 * is left out rather than shown as missing.
 */
final class StandardFormatter implements Formatter {
    static final List<String> EVENTS = List.of(
            "booking.created",
            "booking.accepted",
            "booking.reminder",
            "booking.completed",
            "review.created",
            "nearby-job",
            "system.maintenance");

    /** What sentences may name, by its place in them: 0 is the first. */
    private static final List<List<String>> FIELDS = List.of(
            List.of("customerName", "customer", "reviewerName"),
            List.of("professionalName", "professional"),
            List.of("service", "serviceName", "jobTitle"),
            List.of("startsAt", "scheduledAt", "date", "time"),
            List.of("rating"),
            List.of("distanceMeters", "distance"),
            List.of("message", "reason"));

    private final String bundle;

    StandardFormatter(String bundle) {
        this.bundle = bundle;
    }

    @Override
    public Text format(String event, JsonNode data, Locale locale) {
        ResourceBundle sentences = ResourceBundle.getBundle(
                bundle, locale, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
        String[] values = new String[FIELDS.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(data, FIELDS.get(i), locale);
        }
        return new Text(sentences.getString(event + ".title"), message(sentences, event, values, locale));
    }

    private static String message(ResourceBundle sentences, String event, String[] values, Locale locale) {
        for (int i = 1; sentences.containsKey(event + "." + i); i++) {
            String sentence = sentences.getString(event + "." + i);
            if (hasAll(sentence, values)) {
                return new MessageFormat(sentence, locale).format(values);
            }
        }
        return "";
    }

    private static boolean hasAll(String sentence, String[] values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i].isEmpty() && sentence.contains("{" + i + "}")) {
                return false;
            }
        }
        return true;
    }

    private static String value(JsonNode data, List<String> names, Locale locale) {
        for (String name : names) {
            JsonNode value = data.path(name);
            if (value.isTextual() && !value.textValue().isBlank()) {
                return value.textValue();
            }
            if (value.isNumber()) {
                NumberFormat format = NumberFormat.getInstance(locale.equals(Locale.ROOT) ? Locale.ENGLISH : locale);
                format.setMaximumFractionDigits(1);
                return format.format(value.numberValue());
            }
        }
        return "";
    }
}
