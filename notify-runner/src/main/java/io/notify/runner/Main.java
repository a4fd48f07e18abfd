package io.notify.runner;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/** The process's entry; ends it with the command's exit code. */
public final class Main {
    private Main() {}

    /** Runs the command that the arguments name, {@code serve} if they name none. */
    public static void main(String[] arguments) {
        var streams = new CommandStreams(
                System.getenv(), Path.of(""), System.out, System.err, Clock.systemUTC(), new SecureRandom());
        int code = new CommandTree(streams, new Wiring(), new ProcessLifetime()).run(arguments);
        System.exit(code);
    }
}
