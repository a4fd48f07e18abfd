package io.notify.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the scripts of {@code interop/}: stock clients of other languages, as their users run them. */
class InteropTest {
    private static final Path SCRIPTS = Path.of("..", "interop");
    private static final long LIMIT_SECONDS = 60;

    private TestServer server;

    @BeforeEach
    void start() {
        boolean ready = Files.isDirectory(SCRIPTS.resolve("node_modules")) && hasNode();
        if (!ready) {
            String missing = "Node and `npm ci` in interop/ are needed for the interop tests: THEY DID NOT RUN";
            assertThat(System.getenv("CI")).as(missing).isNotEqualTo("true");
            System.err.println(missing);
        }
        assumeThat(ready).isTrue();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "requirements.mjs",
                "events.mjs",
                "socketio-signin.mjs",
                "socketio-transports.mjs",
                "socketio-upgrade.mjs",
                "socketio-recovery.mjs",
                "sse.mjs",
                "plain.mjs",
                "wscat.mjs"
            })
    void stockClientsAreServed(String script) throws Exception {
        server = new TestServer();
        run(script);
    }

    @Test
    void whoSendsTooMuchIsRefusedThenCutOffOnEveryTwoWayTransport() throws Exception {
        server = new TestServer(b -> b.rateLimit(10, Duration.ofMinutes(1)), b -> b);
        run("rate-limit.mjs");
    }

    private void run(String script) throws Exception {
        Process process = new ProcessBuilder(
                        "node",
                        script,
                        server.url(),
                        TestServer.token("user-1", "CUSTOMER"),
                        TestServer.token("back-end", "SERVICE"))
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .start();
        Path log = Files.createTempFile("interop", ".log");
        try (var out = Files.newOutputStream(log)) {
            process.getInputStream().transferTo(out);
        }
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String printed = Files.readString(log);
        Files.delete(log);
        assertThat(ended).as(printed).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        assertThat(printed).endsWith("ok\n");
        assertThat(server.service.presence().stats().onlineUsers()).isLessThanOrEqualTo(1);
    }

    private static boolean hasNode() {
        try {
            return new ProcessBuilder(List.of("node", "--version")).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
