package io.notify.runner;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One variable: what its table row says is what reading it does.
 *
 * @param name as in the environment and in the file
 * @param format what it takes
 * @param fallback its text when nobody sets it; null if there is none
 * @param unset the default in words: the fallback, or what happens without
 * @param description one sentence for the table
 * @param disclosure how much of it may be shown
 */
record Setting<T>(
        String name,
        Format<T> format,
        @Nullable String fallback,
        String unset,
        String description,
        Disclosure disclosure) {

    static <T> Setting<T> of(String name, Format<T> format, String fallback, String description) {
        return new Setting<>(name, format, fallback, fallback, description, Disclosure.WHOLE);
    }

    static <T> Setting<T> optional(String name, Format<T> format, String unset, String description) {
        return new Setting<>(name, format, null, unset, description, Disclosure.WHOLE);
    }

    Setting<T> shownAs(Disclosure how) {
        return new Setting<>(name, format, fallback, unset, description, how);
    }

    /**
     * Reads the text.
     *
     * @throws ConfigurationException if it is not what the format takes
     */
    T parse(String text) {
        Optional<T> value = format.parser().apply(text);
        return value.orElseThrow(() -> refuse(text, format.expected()));
    }

    ConfigurationException refuse(String text, String expected) {
        return ConfigurationException.of(name, disclosure.show(text), expected);
    }
}
