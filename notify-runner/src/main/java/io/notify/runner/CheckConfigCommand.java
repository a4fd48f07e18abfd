package io.notify.runner;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what would be used and where it comes from; starts and writes nothing. */
@Command(
        name = "check-config",
        mixinStandardHelpOptions = true,
        description = "Print the configuration that would be used, or what is wrong with it.")
final class CheckConfigCommand implements Callable<Integer> {
    @Option(names = "--markdown", description = "Print the table of all settings instead, as Markdown.")
    private boolean markdown;

    private final CommandStreams streams;

    CheckConfigCommand(CommandStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        if (markdown) {
            streams.out().print(SettingsTable.markdown());
            return 0;
        }
        Values values = Values.read(streams.environment(), streams.directory());
        Configuration configuration = Configuration.of(values);
        streams.out().print(SettingsTable.effective(values));
        streams.out().println(Format.name(configuration.environment()) + ": this configuration can be started");
        return 0;
    }
}
