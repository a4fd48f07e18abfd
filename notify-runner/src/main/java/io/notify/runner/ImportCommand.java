package io.notify.runner;

import io.notify.LogUnavailableException;
import io.notify.Position;
import io.notify.jdbc.JdbcNotificationLog;
import io.notify.jdbc.LogImport;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Copies another log into the empty one of DATABASE_URL; clients keep their positions. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Copy a log of another database, also an older H2 one, into the empty one of DATABASE_URL.",
            "No server may run on either. The source's password is read from IMPORT_PASSWORD.",
            "For H2 put its driver on the class path: java -cp notify-runner.jar:h2.jar io.notify.runner.Main import ..."
        })
final class ImportCommand implements Callable<Integer> {
    private static final String PASSWORD = "IMPORT_PASSWORD";

    @Option(names = "--from", required = true, paramLabel = "URL", description = "The JDBC URL of the source.")
    private String from = "";

    @Option(names = "--user", paramLabel = "USER", description = "Who signs in at the source.")
    private @Nullable String user;

    private final CommandStreams streams;

    ImportCommand(CommandStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        Configuration.Database database = streams.configuration().database();
        try (JdbcNotificationLog target = Wiring.log(database)) {
            Position head = LogImport.from(from, user, streams.environment().get(PASSWORD))
                    .into(target);
            streams.out().println("import: " + database.shownUrl() + " holds the log up to " + head);
            return 0;
        } catch (IllegalArgumentException | IllegalStateException | LogUnavailableException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        }
    }
}
