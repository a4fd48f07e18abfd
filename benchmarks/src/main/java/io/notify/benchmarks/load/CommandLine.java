package io.notify.benchmarks.load;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Words, and options as {@code --name=value}; each has been asked for before {@link #end}, or is refused. */
final class CommandLine {
    private final List<String> words;
    private final Map<String, String> options = new LinkedHashMap<>();

    CommandLine(String... arguments) {
        words = Arrays.stream(arguments)
                .filter(argument -> !argument.startsWith("--"))
                .toList();
        for (String argument : arguments) {
            if (argument.startsWith("--")) {
                String[] parts = argument.substring(2).split("=", 2);
                options.put(parts[0], parts.length == 2 ? parts[1] : "");
            }
        }
    }

    /** The one word, by the name of a constant in lower case. */
    <E extends Enum<E>> E word(Class<E> type) {
        if (words.size() != 1) {
            throw new IllegalArgumentException("what to measure: " + words + " (expected: one of " + names(type) + ")");
        }
        return constant("what to measure", words.get(0), type);
    }

    /** Whether it is there, with no value. */
    boolean flag(String name) {
        String value = options.remove(name);
        if (value != null && !value.isEmpty()) {
            throw new IllegalArgumentException("--" + name + ": " + value + " (expected: no value)");
        }
        return value != null;
    }

    String text(String name, String otherwise) {
        String value = options.remove(name);
        return value == null ? otherwise : value;
    }

    <E extends Enum<E>> E constant(String name, E otherwise) {
        String value = options.remove(name);
        return value == null ? otherwise : constant("--" + name, value, otherwise.getDeclaringClass());
    }

    int integer(String name, int otherwise, int least, int most) {
        String value = options.remove(name);
        if (value == null) {
            return otherwise;
        }
        int number = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    "--" + name + ": " + value + " (expected: a whole number from " + least + " to " + most + ")");
        }
        return number;
    }

    /** @throws IllegalArgumentException if there is an option that nobody asked for */
    void end() {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("options: " + options.keySet() + " (expected: those that --help lists)");
        }
    }

    private static <E extends Enum<E>> E constant(String name, String value, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(value)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(name + ": " + value + " (expected: one of " + names(type) + ")");
    }

    private static <E extends Enum<E>> List<String> names(Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
    }
}
