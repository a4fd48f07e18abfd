package io.notify.runner;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line; every refusal is one line on stderr and a code other than 0. */
@Command(
        name = "notify",
        mixinStandardHelpOptions = true,
        description = "Real-time notifications over Socket.IO, WebSocket and Server-Sent Events.",
        footerHeading = "%nSettings, from the environment or a file notify.properties in this directory:%n")
final class CommandTree implements Callable<Integer> {
    private static final int REFUSED = 1;
    private static final int USAGE = 2;

    private final CommandStreams streams;
    private final ServeCommand serve;

    CommandTree(CommandStreams streams, Node.Starter starter, Lifetime lifetime) {
        this.streams = streams;
        this.serve = new ServeCommand(streams, starter, lifetime);
    }

    /** Runs a command and returns the process's exit code. */
    int run(String... arguments) {
        var line = new CommandLine(this)
                .addSubcommand(serve)
                .addSubcommand(new TokenCommand(streams))
                .addSubcommand(new CheckConfigCommand(streams))
                .addSubcommand(new BackupCommand(streams))
                .addSubcommand(new ImportCommand(streams));
        String version = "notify " + Version.read();
        line.getCommandSpec().version(version);
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().version(version));
        line.getCommandSpec().usageMessage().footer(SettingsTable.help().split("\n"));
        // a footer's lines are not to be broken; the longest has 104 characters
        line.setUsageHelpWidth(120);
        PrintStream err = streams.err();
        return line.setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((refusal, unused) -> {
                    err.println(OneLine.of("notify: " + refusal.getMessage() + " (see --help)"));
                    return USAGE;
                })
                .setExecutionExceptionHandler((failure, unused, parsed) -> {
                    err.println(
                            failure instanceof ConfigurationException
                                    ? failure.getMessage()
                                    : OneLine.of("notify: " + failure));
                    return REFUSED;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws InterruptedException {
        return serve.call();
    }
}
