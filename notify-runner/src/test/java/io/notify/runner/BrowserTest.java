package io.notify.runner;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pages that the server brings, driven in Chromium against the whole server. With {@code -Dscreenshots=true} the
 * README's pictures are taken anew, which takes a minute longer.
 */
class BrowserTest {
    private static final String SECRET = "a-secret-that-only-this-test-knows-0123456789";
    private static final boolean SCREENSHOTS = Boolean.getBoolean("screenshots");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"dashboard.mjs", "inbox.mjs"})
    void thePagesWorkInABrowser(String script) throws Exception {
        assumeThat(Browser.isReady()).isTrue();
        Map<String, String> environment = Map.of(
                "PORT", "0",
                "JWT_SECRET", SECRET,
                "DATABASE_URL", "jdbc:sqlite:" + directory.resolve("notify.db"),
                "ROOMS_ALLOWED", "job:*",
                "NEW_CONNECTIONS_PER_SECOND", "10000");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var streams =
                new CommandStreams(environment, directory, nowhere, nowhere, Clock.systemUTC(), new SecureRandom());
        Configuration configuration = streams.configuration();
        Path pictures = SCREENSHOTS ? Path.of("..", "docs") : directory;
        try (Node node = new Wiring().start(configuration, streams.keys(configuration))) {
            Browser.run(
                    directory,
                    script,
                    Map.of("JWT_SECRET", SECRET, "SCREENSHOTS", Boolean.toString(SCREENSHOTS)),
                    "http://localhost:" + node.port(),
                    pictures.toAbsolutePath().normalize().toString());
        }
    }
}
