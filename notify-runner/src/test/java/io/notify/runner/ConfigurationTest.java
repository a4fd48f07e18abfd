package io.notify.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void nothingSetIsDevelopmentOnThisMachine() {
        Configuration configuration = Configuration.read(Map.of(), directory);

        assertThat(configuration.environment()).isEqualTo(Environment.DEVELOPMENT);
        assertThat(configuration.listen())
                .isEqualTo(new Configuration.Listen("127.0.0.1", 3000, List.of(), TransportChoice.AUTO, 0));
        assertThat(configuration.signIn().secret()).isEmpty();
        assertThat(configuration.signIn().tokenLifetime()).isEqualTo(Duration.ofDays(7));
        assertThat(configuration.database().url()).isEqualTo("jdbc:sqlite:./data/notify.db");
        assertThat(configuration.limits())
                .isEqualTo(new Configuration.Limits(
                        List.of(),
                        65_536,
                        1_000,
                        10,
                        Duration.ofSeconds(5),
                        0,
                        200,
                        60,
                        60,
                        2_000,
                        1 << 20,
                        128,
                        1_000_000,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(75)));
        assertThat(configuration.intervals())
                .isEqualTo(new Configuration.Intervals(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(25),
                        Duration.ofSeconds(20),
                        Duration.ZERO));
    }

    @Test
    void productionListensEverywhereAndSendsClientsElsewhereOverFiveSeconds() {
        Configuration configuration =
                Configuration.read(Map.of("NOTIFY_ENV", "production", "JWT_SECRET", "s".repeat(32)), directory);

        assertThat(configuration.listen().host()).isEqualTo("0.0.0.0");
        assertThat(configuration.intervals().drain()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void everyFallbackIsWhatItsFormatTakes() {
        for (Setting<?> setting : Settings.ALL) {
            if (setting.fallback() != null) {
                assertThat(setting.format().parser().apply(setting.fallback()))
                        .as(setting.name())
                        .isPresent();
            }
        }
    }

    @Test
    void theEnvironmentWinsOverTheFileAndEmptyIsUnset() throws Exception {
        Files.writeString(directory.resolve(Values.FILE), "PORT=4000\nHOST=10.0.0.1\nLOG_LEVEL=debug\n");

        Configuration configuration = Configuration.read(Map.of("PORT", "5000", "HOST", ""), directory);

        assertThat(configuration.listen().port()).isEqualTo(5000);
        assertThat(configuration.listen().host()).isEqualTo("10.0.0.1");
        assertThat(configuration.logLevel()).isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void lists() {
        Configuration configuration = Configuration.read(
                Map.of("CORS_ORIGIN", "http://localhost:5173, https://app.example", "ROOMS_ALLOWED", "job:*,lobby"),
                directory);

        assertThat(configuration.listen().corsOrigins())
                .containsExactly("http://localhost:5173", "https://app.example");
        assertThat(configuration.limits().roomsAllowed()).containsExactly("job:*", "lobby");
    }

    @Test
    void durationsInEveryUnit() {
        Map<String, Duration> spans = Map.of(
                "1500ms", Duration.ofMillis(1500),
                "90s", Duration.ofSeconds(90),
                "15m", Duration.ofMinutes(15),
                "12h", Duration.ofHours(12),
                "30d", Duration.ofDays(30));
        spans.forEach((text, span) -> assertThat(Configuration.read(Map.of("JWT_EXPIRES_IN", text), directory)
                        .signIn()
                        .tokenLifetime())
                .isEqualTo(span));
    }

    @Test
    void publicKeysAsTextAsOneLineAndAsFile() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        String pem = pem(generator.generateKeyPair().getPublic().getEncoded());
        Path file = Files.writeString(directory.resolve("key.pem"), pem);

        for (String value : List.of(pem, pem.replace("\n", "\\n"), file.toString())) {
            assertThat(Configuration.read(Map.of("JWT_PUBLIC_KEY", value), directory)
                            .signIn()
                            .publicKeyPem())
                    .contains(pem);
        }
    }

    @Test
    void publicKeysOnEllipticCurves() throws Exception {
        String p256 = curve("secp256r1");
        assertThat(Configuration.read(Map.of("JWT_PUBLIC_KEY", p256), directory)
                        .signIn()
                        .publicKeyPem())
                .contains(p256);
        assertThatThrownBy(() -> Configuration.read(Map.of("JWT_PUBLIC_KEY", curve("secp384r1")), directory))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void weakKeysAreRefused() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        String pem = pem(generator.generateKeyPair().getPublic().getEncoded());

        assertThatThrownBy(() -> Configuration.read(Map.of("JWT_PUBLIC_KEY", pem), directory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("JWT_PUBLIC_KEY: " + pem.length() + " bytes (expected: ");
    }

    private static String curve(String name) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(name));
        return pem(generator.generateKeyPair().getPublic().getEncoded());
    }

    private static String pem(byte[] der) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(der).replace("\r", "") + "\n-----END PUBLIC KEY-----\n";
    }
}
