package io.notify.runner;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Serves until the process is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Start the server; what happens without a command.")
final class ServeCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final Node.Starter starter;
    private final Lifetime lifetime;

    ServeCommand(Surroundings surroundings, Node.Starter starter, Lifetime lifetime) {
        this.surroundings = surroundings;
        this.starter = starter;
        this.lifetime = lifetime;
    }

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = surroundings.configuration();
        Keys keys = surroundings.keys(configuration);
        lifetime.begins(configuration.logLevel(), configuration.logFormat());
        Node node = starter.start(configuration, keys);
        surroundings.out().print(new Welcome(configuration, keys, surroundings.clock()).text(node.port()));
        surroundings.out().flush();
        lifetime.awaitEndThenClose(node);
        return 0;
    }
}
