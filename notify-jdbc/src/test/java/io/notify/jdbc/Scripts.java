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

    private static String text(Path script) {
        try {
            return Files.readString(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
