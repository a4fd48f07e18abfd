package io.notify.runner;

import io.notify.jdbc.LogBackup;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Copies the SQLite log of DATABASE_URL to a file, also while a server runs on it. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Copy the SQLite log of DATABASE_URL to a new file; a server may go on meanwhile.")
final class BackupCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The file to make.")
    private Path file = Path.of("");

    private final CommandStreams streams;

    BackupCommand(CommandStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        Configuration.Database database = streams.configuration().database();
        try {
            LogBackup.write(database.url(), file);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        }
        streams.out().println("backup: " + file + " holds the log of " + database.shownUrl());
        return 0;
    }
}
