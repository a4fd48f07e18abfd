package io.notify.benchmarks.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary directory with a copy of the packaged server, which no build changes meanwhile; gone when closed. One thread. */
public final class Scratch implements Closeable {
    private static final String JAR = "notify-runner/target/notify-runner.jar";

    private final Path directory;
    private final Path jar;
    private boolean kept;

    private Scratch(Path directory, Path jar) {
        this.directory = directory;
        this.jar = jar;
    }

    /** Makes one, from wherever in the repository this is started. */
    public static Scratch create(String name) throws IOException {
        Path packaged = inRepository(JAR);
        Path directory = Files.createTempDirectory(name);
        return new Scratch(directory, Files.copy(packaged, directory.resolve("notify-runner.jar")));
    }

    /**
     * Finds a file of the repository by its path there.
     *
     * @throws IOException if neither the working directory nor one above it has it
     */
    public static Path inRepository(String file) throws IOException {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(file))) {
                return at.resolve(file);
            }
        }
        throw new IOException(
                file + ": missing (expected: a clone in which mvn -q -pl notify-runner -am package has run)");
    }

    public Path jar() {
        return jar;
    }

    /** A new directory in it. */
    public Path directory(String name) throws IOException {
        return Files.createDirectory(directory.resolve(name));
    }

    /** What is in it stays when it is closed. */
    public void keep() {
        kept = true;
    }

    public static void delete(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(directory)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() throws IOException {
        if (!kept) {
            delete(directory);
        }
    }
}
