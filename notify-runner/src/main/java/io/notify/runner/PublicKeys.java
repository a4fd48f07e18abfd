package io.notify.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads public keys that RS256 or ES256 can trust: RSA of at least 2048 bits, or P-256. */
final class PublicKeys {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");
    private static final int MAX_FILE = 16 * 1024;
    private static final int MIN_RSA_BITS = 2048;
    private static final int P256_BITS = 256;

    private PublicKeys() {}

    static Format<PublicKey> format() {
        return new Format<>(
                "a PEM public key (RSA of at least 2048 bits, or P-256), or the path of a file with one",
                text -> pem(text).or(() -> file(text)).flatMap(PublicKeys::decode));
    }

    private static Optional<byte[]> pem(String text) {
        // many ways of setting variables keep line breaks only as the two characters \n
        Matcher pem = PEM.matcher(text.replace("\\n", "\n").strip());
        if (!pem.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getMimeDecoder().decode(pem.group(1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> file(String text) {
        try {
            Path path = Path.of(text.strip());
            return Files.isRegularFile(path) && Files.size(path) <= MAX_FILE
                    ? pem(Files.readString(path))
                    : Optional.empty();
        } catch (InvalidPathException | IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<PublicKey> decode(byte[] der) {
        return decode("RSA", der).or(() -> decode("EC", der)).filter(PublicKeys::isStrong);
    }

    private static Optional<PublicKey> decode(String algorithm, byte[] der) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static boolean isStrong(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength() >= MIN_RSA_BITS;
        }
        return key instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField().getFieldSize() == P256_BITS
                && ec.getParams().toString().contains("secp256r1");
    }
}
