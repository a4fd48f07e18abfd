package io.notify.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.notify.jwt.JwtIssuer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program is killed with {@code kill -9} under stock clients that are left open, and started again. */
@Timeout(150)
class KilledProcessIT {
    private static final Path SCRIPTS =
            Path.of("..", "interop").toAbsolutePath().normalize();
    private static final String SECRET = "a-secret-that-only-this-test-knows-0123456789";

    @TempDir
    Path directory;

    @Test
    void clientsLeftOpenShowEverythingOnceAndInOrder() throws Exception {
        assumeThat(hasClients()).isTrue();
        killUnder("kill-9.mjs");
    }

    @Test
    void aPageLeftOpenInABrowserShowsEverythingOnceAndInOrder() throws Exception {
        assumeThat(Browser.isReady()).isTrue();
        killUnder("kill-9-page.mjs");
    }

    private void killUnder(String name) throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process server = start(port);
        ProcessBuilder clients = new ProcessBuilder(
                        "node",
                        name,
                        "http://localhost:" + port,
                        token("user-1", "CUSTOMER"),
                        token("back-end", "SERVICE"))
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true);
        clients.environment().put("LIMIT_MS", "120000"); // a JVM and a browser start meanwhile
        Process script = clients.start();
        try (BufferedReader out = script.inputReader(StandardCharsets.UTF_8);
                OutputStream in = script.getOutputStream()) {
            assertThat(out.readLine()).isEqualTo("kill");
            server.destroyForcibly().waitFor();
            server = start(port);
            in.write('\n');
            in.flush();
            assertThat(out.lines().toList()).containsExactly("ok");
            assertThat(script.waitFor()).isZero();
        } finally {
            script.destroyForcibly();
            server.destroyForcibly();
        }
    }

    private static String token(String user, String role) {
        return JwtIssuer.hmac(SECRET).mint(user, Set.of(role), null, Duration.ofHours(1));
    }

    private Process start(int port) throws IOException {
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        new File("target/notify-runner.jar").getAbsolutePath())
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(directory.resolve("err").toFile());
        Settings.ALL.forEach(setting -> builder.environment().remove(setting.name()));
        builder.environment().put("PORT", Integer.toString(port));
        builder.environment().put("JWT_SECRET", SECRET);
        Process process = builder.start();
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/health/ready"))
                .build();
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> HttpClient.newHttpClient()
                                .send(ready, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200);
        return process;
    }

    private static boolean hasClients() throws InterruptedException {
        boolean there = Files.isDirectory(SCRIPTS.resolve("node_modules"));
        try {
            there = there
                    && new ProcessBuilder(List.of("node", "--version")).start().waitFor() == 0;
        } catch (IOException e) {
            there = false;
        }
        if (!there) {
            String missing = "Node and `npm ci` in interop/ are needed for the kill -9 test: IT DID NOT RUN";
            assertThat(System.getenv("CI")).as(missing).isNotEqualTo("true");
            System.err.println(missing);
        }
        return there;
    }
}
