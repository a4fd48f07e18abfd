package io.notify.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the scripts of {@code interop/} that drive Chromium; says loudly when it cannot, and in CI that is a failure. */
final class Browser {
    private static final Path SCRIPTS = Path.of("..", "interop");
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private Browser() {}

    static boolean isReady() {
        boolean ready = Files.isExecutable(CHROMIUM) && Files.isDirectory(SCRIPTS.resolve("node_modules"));
        if (!ready) {
            String missing = "Chromium at " + CHROMIUM
                    + ", Node and `npm ci` in interop/ are needed for the tests in a browser: THEY DID NOT RUN";
            assertThat(System.getenv("CI")).as(missing).isNotEqualTo("true");
            System.err.println(missing);
        }
        return ready;
    }

    /** Runs a script to its end, which must be good. */
    static void run(Path directory, String script, Map<String, String> environment, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        Path log = directory.resolve(script + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        process.destroyForcibly();
        String printed = Files.readString(log);
        assertThat(ended).as(printed).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        assertThat(printed).endsWith("ok\n");
    }
}
