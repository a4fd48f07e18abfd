package io.notify.runner;

import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;

/**
 * What a command gets from the process it runs in, and nothing else.
 *
 * @param out answers
 * @param err refusals, one line each
 */
record Surroundings(
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
