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
                "wscat.mjs",
                "descriptions.mjs"
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

    @Test
    void thePostmanCollectionRunsAgainstTheServer() throws Exception {
        server = new TestServer(b -> b, b -> b.metrics(() -> "notify_sends_total 1\n"));
        String printed = run(List.of(
                "node",
                "node_modules/newman/bin/newman.js",
                "run",
                "../postman/notifications.json",
                "--bail",
                "--color",
                "off",
                "--env-var",
                "build=true",
                "--env-var",
                "baseUrl=" + server.url(),
                "--env-var",
                "userToken=" + TestServer.token("user-1", "CUSTOMER"),
                "--env-var",
                "shortToken=" + TestServer.token("user-1", Duration.ofSeconds(6), "CUSTOMER"),
                "--env-var",
                "adminToken=" + TestServer.token("root", "ADMIN")));

        assertThat(printed).containsPattern("assertions *│ *[1-9][0-9]* *│ *0 ");
    }

    private void run(String script) throws Exception {
        String printed = run(List.of(
                "node",
                script,
                server.url(),
                TestServer.token("user-1", "CUSTOMER"),
                TestServer.token("back-end", "SERVICE")));
        assertThat(printed).endsWith("ok\n");
        assertThat(server.service.presence().stats().onlineUsers()).isLessThanOrEqualTo(1);
    }

    /** Runs a program to its end, which must be a good one; returns what it printed. */
    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
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
        return printed;
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
