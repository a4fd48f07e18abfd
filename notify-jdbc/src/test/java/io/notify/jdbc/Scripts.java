package io.notify.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The migrations as a host finds them. */
final class Scripts {
    private Scripts() {}

    /** The text of each, in the order they are run. */
    static List<String> all(String dialect) throws IOException {
        try (Stream<Path> scripts = Files.list(Path.of(
                JdbcNotificationLog.class.getResource("migration/" + dialect).toURI()))) {
            return scripts.sorted(
                            Comparator.comparing(path -> path.getFileName().toString()))
                    .map(Scripts::text)
                    .toList();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** Each statement of the scripts; none of them has a semicolon in a text. */
    static List<String> statements(String dialect) throws IOException {
        return all(dialect).stream()
                .map(script -> script.replaceAll("--[^\n]*", ""))
                .flatMap(script -> Stream.of(script.split(";")))
                .filter(statement -> !statement.isBlank())
                .toList();
    }

    private static String text(Path script) {
        try {
            return Files.readString(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
