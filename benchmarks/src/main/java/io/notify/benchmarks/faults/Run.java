package io.notify.benchmarks.faults;

import io.notify.benchmarks.server.Server;
import io.notify.benchmarks.server.SqliteStore;
import io.notify.benchmarks.server.Store;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;

/** What one run has to itself: a directory, a database, a random; everything started in it ends with it. */
final class Run implements Closeable {
    private final Path directory;
    private final Path jar;
    private final Map<String, String> options;
    private final Random random;
    private final Deque<Closeable> opened = new ArrayDeque<>();
    private String storeName = "sqlite";

    Run(Path directory, Path jar, Map<String, String> options, long seed) {
        this.directory = directory;
        this.jar = jar;
        this.options = options;
        this.random = new Random(seed);
    }

    Path directory() {
        return directory;
    }

    Random random() {
        return random;
    }

    String option(String name, String otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    int option(String name, int otherwise) {
        return Integer.parseInt(option(name, Integer.toString(otherwise)));
    }

    /** The database that the command line asks for; SQLite unless it says otherwise. */
    Store store() throws IOException {
        return option("store", "sqlite").equals("postgres") ? postgres() : new SqliteStore(directory.resolve("sqlite"));
    }

    PostgresStore postgres() throws IOException {
        storeName = "postgres";
        return with(new PostgresStore(directory.resolve("postgres")));
    }

    /** The kind of database that it really had. */
    String storeName() {
        return storeName;
    }

    /** A server that has not been started. */
    Server server(Store store) throws IOException {
        return with(new Server(jar, directory, store));
    }

    /** Closed when the run ends, what came last first. */
    <T extends Closeable> T with(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
