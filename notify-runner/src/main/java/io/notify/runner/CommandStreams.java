package io.notify.runner;

import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;

/**
 * The process streams, environment, working directory, clock and random source that a command uses. A command reads nothing
 * else of its process.
 *
 * @param out receives the command's output
 * @param err receives refusals, one line each
 */
record CommandStreams(
        Map<String, String> environment,
        Path directory,
        PrintStream out,
        PrintStream err,
        Clock clock,
        SecureRandom random) {

    Configuration configuration() {
        return Configuration.read(environment, directory);
    }

    Keys keys(Configuration configuration) {
        return Keys.of(configuration, directory, random);
    }
}
