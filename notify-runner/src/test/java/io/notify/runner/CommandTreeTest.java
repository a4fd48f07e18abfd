package io.notify.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTreeTest {
    private static final String SECRET = "s".repeat(32);

    @TempDir
    Path directory;

    @Test
    void withoutACommandItServes() {
        CommandRun run = CommandRun.of(directory, Map.of("LOG_LEVEL", "warn"));

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.events()).containsExactly("logs WARN", "started", "closed");
    }

    @Test
    void developmentSaysSoAndPrintsLinesToPaste() {
        CommandRun run = CommandRun.of(directory, Map.of(), "serve");

        assertThat(run.out())
                .contains("development mode", "jdbc:sqlite:./data/notify.db", "notify.secret, made now")
                .contains("http://localhost:4711/#token=ey")
                .contains("http://localhost:4711/admin/#token=ey")
                .contains("http://localhost:4711/inbox.html#token=ey")
                .contains("npx wscat -c 'ws://localhost:4711/ws/notifications?token=ey")
                .contains("curl -N -H 'Authorization: Bearer ey")
                .contains("\"event\":\"booking.created\"");
        assertThat(CommandRun.of(directory, Map.of(), "serve").out()).contains("notify.secret, kept from before");
    }

    @Test
    void theTokensItPrintsAreOnesItLetsIn() {
        CommandRun run = CommandRun.of(directory, Map.of("JWT_SECRET", SECRET, "JWT_ISSUER", "us"), "serve");

        List<DecodedJWT> tokens = Pattern.compile("ey[\\w.-]+")
                .matcher(run.out())
                .results()
                .map(found -> decode(found.group(), SECRET))
                .toList();
        assertThat(tokens).hasSize(6).allMatch(token -> "us".equals(token.getIssuer()));
        assertThat(tokens.get(5).getClaim("roles").asList(String.class)).containsExactly("ADMIN");
    }

    @Test
    void productionPrintsOneLineWithoutATokenAndMakesNoSecret() {
        CommandRun run = CommandRun.of(directory, Map.of("NOTIFY_ENV", "production", "JWT_SECRET", SECRET), "serve");

        assertThat(run.out()).isEqualTo("notify listens on http://localhost:4711\n");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aStartThatFailsIsOneLine() {
        Node.Starter taken = (configuration, keys) -> {
            throw ConfigurationException.of("PORT", "3000", "a port that is free");
        };

        CommandRun run = CommandRun.of(directory, Map.of(), taken, new ArrayList<>(), "serve");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("PORT: 3000 (expected: a port that is free)\n");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void tokenPrintsOnlyTheToken() {
        CommandRun run = CommandRun.of(
                directory,
                Map.of("JWT_SECRET", SECRET, "JWT_ISSUER", "us", "JWT_AUDIENCE", "them"),
                "token",
                "--sub",
                "42",
                "--role",
                "ADMIN",
                "--role",
                "SERVICE",
                "--sid",
                "s1",
                "--expires-in",
                "15m");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\n");
        DecodedJWT token = decode(run.out().strip(), SECRET);
        assertThat(token.getAlgorithm()).isEqualTo("HS256");
        assertThat(token.getSubject()).isEqualTo("42");
        assertThat(token.getClaim("roles").asList(String.class)).containsExactly("ADMIN", "SERVICE");
        assertThat(token.getClaim("sid").asString()).isEqualTo("s1");
        assertThat(token.getIssuer()).isEqualTo("us");
        assertThat(token.getAudience()).containsExactly("them");
        assertThat(token.getIssuedAtAsInstant()).isEqualTo(CommandRun.NOW);
        assertThat(token.getExpiresAtAsInstant()).isEqualTo(CommandRun.NOW.plus(Duration.ofMinutes(15)));
    }

    @Test
    void tokenIsSignedWithTheDevelopmentSecretOfItsDirectory() {
        CommandRun run = CommandRun.of(directory, Map.of("JWT_EXPIRES_IN", "1h"), "token", "--sub", "42");

        DevSecret kept = DevSecret.at(directory.resolve("data/notify.secret"), new SecureRandom());
        assertThat(kept.isNew()).isFalse();
        DecodedJWT token = decode(run.out().strip(), kept.secret().value());
        assertThat(token.getExpiresAtAsInstant()).isEqualTo(CommandRun.NOW.plus(Duration.ofHours(1)));
        assertThat(token.getClaim("roles").asList(String.class)).isEmpty();
    }

    @Test
    void tokenSaysOnceThatItMadeASecretWhichNoServerElsewhereHas() {
        CommandRun first = CommandRun.of(directory, Map.of(), "token", "--sub", "42");
        CommandRun second = CommandRun.of(directory, Map.of(), "token", "--sub", "42");

        assertThat(first.code()).isZero();
        assertThat(first.out()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\n");
        assertThat(first.err())
                .isEqualTo("token: made a secret, " + directory.resolve("data/notify.secret")
                        + ", as there was none here; only a server of this directory and DATABASE_URL has the same\n");
        assertThat(second.err()).isEmpty();
    }

    @Test
    void tokenRefusesWhatNoServerWouldLetIn() {
        for (String[] arguments : new String[][] {
            {"token"},
            {"token", "--sub", ""},
            {"token", "--sub", "a\nb"},
            {"token", "--sub", "a", "--role", "b c"},
            {"token", "--sub", "a", "--expires-in", "soon"}
        }) {
            CommandRun run = CommandRun.of(directory, Map.of(), arguments);

            assertThat(run.code()).isNotZero();
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).containsOnlyOnce("\n").doesNotContain("Exception");
        }
    }

    @Test
    void tokenWithoutASecretSaysWhoElse() {
        CommandRun run = CommandRun.of(directory, Map.of("JWKS_URL", "https://keys.example/"), "token", "--sub", "a");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).startsWith("token: the private key is not here (expected: JWT_SECRET");
    }

    @Test
    void checkConfigShowsEachSettingAndItsOriginAndWritesNothing() throws Exception {
        Files.writeString(directory.resolve(Values.FILE), "RETENTION=30d\n");

        CommandRun run = CommandRun.of(directory, Map.of("PORT", "4000", "JWT_SECRET", SECRET), "check-config");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .containsPattern("(?m)^PORT +environment +4000$")
                .containsPattern("(?m)^RETENTION +notify.properties +30d$")
                .containsPattern("(?m)^JWT_SECRET +environment +32 bytes$")
                .containsPattern("(?m)^REPLAY_LIMIT +default +1000$")
                .endsWith("development: this configuration can be started\n");
        assertThat(run.out().lines()).hasSize(Settings.ALL.size() + 1);
        assertThat(directory).isDirectoryNotContaining(path -> path.endsWith("data"));
    }

    @Test
    void helpAndTheTableNameEverySetting() {
        CommandRun help = CommandRun.of(directory, Map.of(), "--help");
        CommandRun table = CommandRun.of(directory, Map.of(), "check-config", "--markdown");

        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("serve", "token", "check-config");
        for (Setting<?> setting : Settings.ALL) {
            assertThat(help.out())
                    .contains(
                            setting.name(),
                            setting.description(),
                            setting.format().expected());
            assertThat(table.out()).contains("| `" + setting.name() + "` | " + setting.unset() + " | ");
        }
    }

    @Test
    void everyCommandHasHelpAndTheVersion() {
        for (String command : List.of("serve", "token", "check-config")) {
            assertThat(CommandRun.of(directory, Map.of(), command, "--help").out())
                    .contains("Usage: notify " + command);
            assertThat(CommandRun.of(directory, Map.of(), command, "--version").out())
                    .startsWith("notify ");
        }
        assertThat(CommandRun.of(directory, Map.of(), "--version").out()).matches("notify \\d+\\.\\d+\\.\\d+.*\n");
    }

    private static DecodedJWT decode(String token, String secret) {
        // the clock of the runs stands still; the signature is what matters here
        DecodedJWT decoded = JWT.decode(token);
        Algorithm.HMAC256(secret).verify(decoded);
        return decoded;
    }
}
