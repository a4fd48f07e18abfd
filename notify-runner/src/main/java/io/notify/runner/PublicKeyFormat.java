package io.notify.runner;

import io.notify.jwt.JwtAuthenticator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a PEM public key from the setting's text or from a file. The authenticator decides which keys are acceptable. */
final class PublicKeyFormat {
    private static final String PEM_START = "-----BEGIN";
    private static final int MAX_FILE_BYTES = 16 * 1024;

    private PublicKeyFormat() {}

    static Format<String> create() {
        return new Format<>(
                "a PEM public key (RSA of at least 2048 bits, or P-256), or the path of a file with one",
                text -> pem(text).filter(PublicKeyFormat::isAcceptable));
    }

    private static Optional<String> pem(String text) {
        return text.strip().startsWith(PEM_START) ? Optional.of(unescape(text)) : file(text);
    }

    private static Optional<String> file(String text) {
        try {
            Path path = Path.of(text.strip());
            return Files.isRegularFile(path) && Files.size(path) <= MAX_FILE_BYTES
                    ? Optional.of(unescape(Files.readString(path)))
                    : Optional.empty();
        } catch (InvalidPathException | IOException e) {
            return Optional.empty();
        }
    }

    /** Restores line breaks, which many ways of setting an environment variable keep only as the two characters \n. */
    private static String unescape(String text) {
        return text.replace("\\n", "\n");
    }

    private static boolean isAcceptable(String pem) {
        try {
            var unused = JwtAuthenticator.builder().publicKeyPem(pem);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
