package io.notify.benchmarks.server;

import java.nio.file.Path;
import java.util.Map;

/**
 * A file of H2.
 *
 * @param directory it lies there, as {@code notify.mv.db}
 */
public record H2Store(Path directory) implements Store {
    public Path file() {
        return directory.resolve("notify.mv.db");
    }

    @Override
    public Map<String, String> variables() {
        return Map.of("DATABASE_URL", "jdbc:h2:file:" + directory.toAbsolutePath() + "/notify");
    }
}
