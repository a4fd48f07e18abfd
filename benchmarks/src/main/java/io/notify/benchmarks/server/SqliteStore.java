package io.notify.benchmarks.server;

import java.nio.file.Path;
import java.util.Map;

/**
 * An SQLite file.
 *
 * @param directory holds it, as {@code notify.db}
 */
public record SqliteStore(Path directory) implements Store {
    public Path file() {
        return directory.resolve("notify.db");
    }

    @Override
    public Map<String, String> variables() {
        return Map.of("DATABASE_URL", "jdbc:sqlite:" + file().toAbsolutePath());
    }
}
