package io.notify.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program in a process of its own, as an operator has it. */
@Timeout(60)
class ProcessIT {
    /** Generous beside the 1.5 s that is promised: the build's machine does other things as well. */
    private static final Duration START = Duration.ofSeconds(6);

    private static final Pattern LISTENS = Pattern.compile("notify listens on http://localhost:([0-9]+).*");

    @TempDir
    Path directory;

    @Test
    void servesWithoutConfigurationAndStopsCleanly() throws Exception {
        long began = System.nanoTime();
        Process process = start(Map.of("PORT", "0"), "serve");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            int port = port(out);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            System.out.println("listened after " + took.toMillis() + " ms");

            assertThat(took).isLessThan(START);
            assertThat(status(port, "/health/live", "")).isEqualTo(200);
            String token = run(Map.of(), "token", "--sub", "7").strip();
            assertThat(status(port, "/notifications", token)).isEqualTo(200);

            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
        assertThat(directory.resolve("data/notify.secret")).exists();
        assertThat(directory.resolve("err")).content().doesNotContain("Exception");
    }

    @Test
    void startsWithTheRecommendedOptionsAndTheJvmHasNothingToSayToThem() throws Exception {
        String options = "@" + Path.of("notify.options").toAbsolutePath();
        Process process = start(List.of(java(), options), Map.of("PORT", "0"), "serve");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(status(port(out), "/health", "")).isEqualTo(200);
        } finally {
            process.destroyForcibly();
        }
        assertThat(directory.resolve("err")).content().doesNotContain("OpenJDK", "warning");
    }

    @Test
    void anOperatorsOwnLoggingFileCounts() throws Exception {
        Path file = Files.writeString(directory.resolve("own.xml"), """
                <configuration>
                  <appender name="own" class="ch.qos.logback.core.ConsoleAppender">
                    <target>System.err</target>
                    <encoder><pattern>own %msg%n</pattern></encoder>
                  </appender>
                  <root level="DEBUG"><appender-ref ref="own"/></root>
                </configuration>""");
        Process process = start(List.of(java(), "-Dlogback.configurationFile=" + file), Map.of("PORT", "0"), "serve");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            port(out);
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readAllLines(directory.resolve("err"))).anyMatch(line -> line.startsWith("own "));
    }

    @Test
    void thePrintedLinesWork() throws Exception {
        Process process = start(Map.of("PORT", "0"), "serve");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String curl = line(out, Pattern.compile("\\s+curl -H .*"));
            Process shell = new ProcessBuilder("sh", "-c", curl.strip() + " -s -w ' %{http_code}'").start();
            String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).endsWith(" 201").contains("\"position\"");
        } finally {
            process.destroyForcibly();
        }
    }

    /** With nothing but the jar and what it prints. */
    @Test
    void aNewOperatorSeesTheFirstNotificationInTheDashboard() throws Exception {
        assumeThat(Browser.isReady()).isTrue();
        long began = System.nanoTime();
        Process process = start(Map.of("PORT", "0"), "serve");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String link =
                    line(out, Pattern.compile("\\s+http://.*/admin/#token=.*")).strip();
            String curl = line(out, Pattern.compile("\\s+curl -H .*")).strip();
            assertThat(new ProcessBuilder("sh", "-c", curl)
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("curl").toFile())
                            .start()
                            .waitFor())
                    .isZero();
            Browser.run(directory, "operator.mjs", Map.of(), link, "New booking request");

            Duration took = Duration.ofNanos(System.nanoTime() - began);
            System.out.println("from a fresh jar to a notification seen in the dashboard: " + took.toMillis() + " ms");
            assertThat(took).isLessThan(Duration.ofMinutes(3));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aPortThatIsTakenIsOneLine() throws Exception {
        try (var taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            Process process = start(Map.of("PORT", port), "serve");

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readAllLines(directory.resolve("err")))
                    .containsExactly("PORT: " + port + " at HOST 127.0.0.1 cannot be listened on"
                            + " (expected: a free port, and an address of this machine)");
        }
    }

    @Test
    void aDatabaseThatIsAwayIsOneLineWithoutItsPassword() throws Exception {
        Process process = start(
                Map.of(
                        "DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/x?password=canary",
                        "DATABASE_USER", "someone",
                        "DATABASE_PASSWORD", "canary-2"),
                "serve");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        List<String> lines = Files.readAllLines(directory.resolve("err"));
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0))
                .startsWith("DATABASE_URL: jdbc:postgresql://127.0.0.1:1/x?password=*** ")
                .doesNotContain("canary");
    }

    @Test
    void aTransportThatIsNotThereIsOneLineThatNamesIt() throws Exception {
        Process process = start(
                List.of(java(), "-Dio.netty.transport.noNative=true"),
                Map.of("PORT", "0", "TRANSPORT", "epoll"),
                "serve");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readAllLines(directory.resolve("err")))
                .containsExactly("TRANSPORT: epoll is not to be had here (expected: auto)");
    }

    @Test
    void aMachineThatHasNoFilesLeftForTheEventLoopsIsNotToldToChangeItsTransport() throws Exception {
        Process process = start(
                List.of("sh", "-c", "ulimit -n 200 && exec \"$0\" \"$@\"", java()),
                Map.of("PORT", "0", "EVENT_LOOPS", "256"),
                "serve");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readAllLines(directory.resolve("err")))
                .last()
                .asString()
                .startsWith("notify: ")
                .contains("failed to create a child event loop");
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        return start(List.of(java()), environment, arguments);
    }

    private Process start(List<String> java, Map<String, String> environment, String... arguments) throws IOException {
        var command = new ArrayList<>(java);
        // failsafe runs after the jar is made; an IDE has only the classes
        File jar = new File("target/notify-runner.jar").getAbsoluteFile();
        command.addAll(
                jar.exists()
                        ? List.of("-jar", jar.toString())
                        : List.of("-cp", System.getProperty("java.class.path"), "io.notify.runner.Main"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        Settings.ALL.forEach(setting -> builder.environment().remove(setting.name()));
        builder.environment().putAll(environment);
        return builder.redirectError(directory.resolve("err").toFile()).start();
    }

    private String run(Map<String, String> environment, String... arguments) throws Exception {
        Process process = start(environment, arguments);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out;
    }

    private static int port(BufferedReader out) throws IOException {
        Matcher found = LISTENS.matcher(line(out, LISTENS));
        assertThat(found.matches()).isTrue();
        return Integer.parseInt(found.group(1));
    }

    private static String line(BufferedReader out, Pattern pattern) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (pattern.matcher(line).matches()) {
                return line;
            }
        }
        throw new AssertionError("no line like " + pattern);
    }

    private static int status(int port, String path, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
