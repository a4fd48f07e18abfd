package io.notify.runner;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Serves until the process is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Start the server; what happens without a command.")
final class ServeCommand implements Callable<Integer> {
    private final CommandStreams streams;
    private final Node.Starter starter;
    private final Lifetime lifetime;

    ServeCommand(CommandStreams streams, Node.Starter starter, Lifetime lifetime) {
        this.streams = streams;
        this.starter = starter;
        this.lifetime = lifetime;
    }

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = streams.configuration();
        Keys keys = streams.keys(configuration);
        lifetime.begins(configuration.logLevel(), configuration.logFormat());
        Node node = starter.start(configuration, keys);
        streams.out().print(new Welcome(configuration, keys, streams.clock()).text(node.port()));
        streams.out().flush();
        lifetime.awaitEndThenClose(node);
        return 0;
    }
}
