package io.notify.runner;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A wrong value of any variable stops every command with one line that names it. */
class RefusalTest {
    private static final String CANARY = "canary";

    private static final Map<String, List<String>> WRONG = Map.ofEntries(
            entry("NOTIFY_ENV", List.of("staging", "prod")),
            entry("PORT", List.of("-1", "65536", "3000x", "٣٠٠٠", "1e3", "99999999999999999999")),
            entry("HOST", List.of("http://localhost", "a b")),
            entry(
                    "CORS_ORIGIN",
                    List.of("*.example", "app.example", "https://app.example/", "https://a.example,,", "null")),
            entry("TRANSPORT", List.of("kqueue")),
            entry("EVENT_LOOPS", List.of("-1", "257")),
            entry("LOG_LEVEL", List.of("verbose", "all")),
            entry("LOG_FORMAT", List.of("xml", "txt")),
            entry("JWT_SECRET", List.of("canary", "canary-31-bytes-long-0123456789")),
            entry("JWT_PUBLIC_KEY", List.of("canary/no-such-file", "-----BEGIN PRIVATE KEY-----canary")),
            entry(
                    "JWKS_URL",
                    List.of("http://keys.example/jwks", "https://me:canary@keys.example/", "file:/etc/x", "::")),
            entry("JWT_ISSUER", List.of("a\nb", " ")),
            entry("JWT_AUDIENCE", List.of("a\u001b[2Jb", "x".repeat(256))),
            entry("JWT_EXPIRES_IN", List.of("7", "7w", "0s", "-7d", "3651d", "999999999999d")),
            entry("RECOVERY_SECRET", List.of("canary")),
            entry(
                    "DATABASE_URL",
                    List.of(
                            "postgres://me:canary@db/x",
                            "jdbc:oracle:thin:me/x",
                            "jdbc:sqlite:",
                            "mysql:x?password=canary")),
            entry("DATABASE_USER", List.of("a\nb")),
            entry("DATABASE_PASSWORD", List.of("canary\n", "canary\u202ex")),
            entry("DURABILITY", List.of("none")),
            entry("RETENTION", List.of("7", "1s", "forever")),
            entry("REPLAY_LIMIT", List.of("0", "10001")),
            entry("ROOMS_ALLOWED", List.of("job:*,user:7", "role:*", "a*b", "a b", "a,")),
            entry("MAX_PAYLOAD", List.of("1023", "64k", "16777217")),
            entry("RATE_LIMIT_MAX_REQUESTS", List.of("0", "ten")),
            entry("RATE_LIMIT_WINDOW_MS", List.of("0", "5s")),
            entry("MAX_CONNECTIONS", List.of("-1")),
            entry("MAX_CONNECTIONS_PER_ADDRESS", List.of("0")),
            entry("NEW_CONNECTIONS_PER_SECOND", List.of("0")),
            entry("FAILED_SIGN_INS", List.of("0")),
            entry("SEND_LIMIT", List.of("0")),
            entry("OUTBOUND_LIMIT", List.of("1000", "1MiB")),
            entry("MAX_ROOMS", List.of("0", "all")),
            entry("MAX_MESSAGE", List.of("1023", "1 MB")),
            entry("REQUEST_TIMEOUT", List.of("99", "10s")),
            entry("KEEP_ALIVE_TIMEOUT", List.of("0", "never")),
            entry("HEARTBEAT_INTERVAL", List.of("0", "999")),
            entry("SSE_HEARTBEAT_INTERVAL", List.of("0", "30s")),
            entry("SSE_CLEANUP_INTERVAL", List.of("0", "86400001")),
            entry("PING_INTERVAL", List.of("0")),
            entry("PING_TIMEOUT", List.of("999")),
            entry("DRAIN_TIME", List.of("-1", "5s", "600001")));

    @Test
    void everyVariableHasAWrongValueHere() {
        assertThat(WRONG.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Settings.ALL.stream().map(Setting::name).toList());
    }

    static Stream<Arguments> wrong() {
        return WRONG.entrySet().stream().flatMap(e -> e.getValue().stream().map(v -> Arguments.of(e.getKey(), v)));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void isOneLineThatNamesTheVariableAndWhatIsExpected(String name, String value, @TempDir Path directory) {
        Setting<?> setting = Settings.ALL.stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();

        CommandRun run = CommandRun.of(directory, Map.of(name, value), "serve");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .startsWith(name + ": ")
                .contains(setting.disclosure().show(value))
                .endsWith("(expected: " + setting.format().expected() + ")\n")
                .containsOnlyOnce("\n")
                .doesNotContain("\u001b", CANARY, "Exception");
        assertThat(run.out()).isEmpty();
        assertThat(run.events()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aNameInTheFileThatNobodyReads(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve(Values.FILE), "PROT=3001\n");

        CommandRun run = CommandRun.of(directory, Map.of(), "check-config");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("notify.properties: PROT (expected: only settings that --help lists)\n");
    }

    @Test
    void twoWaysToSign(@TempDir Path directory) {
        CommandRun run = CommandRun.of(
                directory,
                Map.of("JWT_SECRET", "canary".repeat(6), "JWKS_URL", "https://keys.example/jwks"),
                "check-config");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("JWKS_URL: set together with JWT_SECRET"
                        + " (expected: one of JWT_SECRET, JWT_PUBLIC_KEY, JWKS_URL)\n");
    }

    @Test
    void productionWithoutASecretOrKey(@TempDir Path directory) {
        for (String command : List.of("serve", "check-config", "token")) {
            CommandRun run = command.equals("token")
                    ? CommandRun.of(directory, Map.of("NOTIFY_ENV", "production"), command, "--sub", "7")
                    : CommandRun.of(directory, Map.of("NOTIFY_ENV", "production"), command);

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).startsWith("JWT_SECRET: not set (expected: ").containsOnlyOnce("\n");
            assertThat(run.out()).isEmpty();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void noSecretIsInAnyOutput(@TempDir Path directory) {
        String secret = "canary-" + "s".repeat(32);
        var environment = new HashMap<>(Map.of(
                "JWT_SECRET", secret,
                "RECOVERY_SECRET", secret,
                "DATABASE_USER", "someone",
                "DATABASE_PASSWORD", "canary-password",
                "DATABASE_URL", "jdbc:postgresql://me:canary@db/x?ssl=true&sslpassword=canary"));
        for (String env : List.of("development", "production")) {
            environment.put("NOTIFY_ENV", env);
            for (String command : List.of("serve", "check-config", "--help", "--version")) {
                CommandRun run = CommandRun.of(directory, environment, command);

                assertThat(run.code()).as(command).isZero();
                assertThat(run.output()).as(command).isNotEmpty().doesNotContain(CANARY);
            }
        }
        assertThat(Configuration.read(environment, directory).toString()).doesNotContain(CANARY);
        assertThat(Keys.of(Configuration.read(environment, directory), directory, new SecureRandom())
                        .toString())
                .doesNotContain(CANARY);
    }

    @Test
    void unknownOptionsAndCommands(@TempDir Path directory) {
        for (String argument : List.of("--prot", "server")) {
            CommandRun run = CommandRun.of(directory, Map.of(), argument);

            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains(argument).containsOnlyOnce("\n");
            assertThat(run.events()).isEmpty();
        }
    }
}
