package io.notify.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevSecretTest {
    @TempDir
    Path directory;

    @Test
    void isMadeOnceAndForItsOwnerOnly() throws Exception {
        Path path = directory.resolve("data/notify.secret");

        DevSecret made = DevSecret.at(path, new SecureRandom());
        DevSecret kept = DevSecret.at(path, new SecureRandom());

        assertThat(made.isNew()).isTrue();
        assertThat(kept.isNew()).isFalse();
        assertThat(kept.secret().value()).isEqualTo(made.secret().value());
        assertThat(made.secret().bytes()).isGreaterThanOrEqualTo(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void oneThatOthersCanReadIsRefused() throws Exception {
        Path path = DevSecret.at(directory.resolve("s"), new SecureRandom()).path();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> DevSecret.at(path, new SecureRandom()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(path + ": rw-r--r-- (expected: rw-------)");
    }

    @Test
    void oneThatIsCutShortIsRefused() throws Exception {
        Path path = DevSecret.at(directory.resolve("s"), new SecureRandom()).path();
        Files.writeString(path, "short");

        assertThatThrownBy(() -> DevSecret.at(path, new SecureRandom()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(path + ": 5 bytes (expected: at least 32 bytes");
    }

    @Test
    void whereItCannotBeWritten() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> DevSecret.at(file.resolve("notify.secret"), new SecureRandom()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot be read or made");
    }

    @Test
    void liesBesideTheDatabase() {
        assertThat(DevSecret.pathFor("jdbc:sqlite:./data/notify.db", Path.of("")))
                .isEqualTo(Path.of("data/notify.secret"));
        assertThat(DevSecret.pathFor("jdbc:sqlite:/var/lib/x", directory)).isEqualTo(Path.of("/var/lib/x.secret"));
        assertThat(DevSecret.pathFor("jdbc:postgresql://db/x", directory))
                .isEqualTo(directory.resolve("data/notify.secret"));
    }

    @Test
    void theRecoveryKeyIsAnotherAndSurvivesARestart() {
        Configuration configuration = Configuration.read(Map.of(), directory);

        Keys first = Keys.of(configuration, directory, new SecureRandom());
        Keys second = Keys.of(configuration, directory, new SecureRandom());

        assertThat(second.signing()).isEqualTo(first.signing()).isPresent();
        assertThat(second.recovery()).isEqualTo(first.recovery()).isPresent().isNotEqualTo(first.signing());
        assertThat(first.recovery().orElseThrow().bytes()).isGreaterThanOrEqualTo(32);
    }
}
