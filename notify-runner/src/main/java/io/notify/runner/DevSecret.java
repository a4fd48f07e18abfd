package io.notify.runner;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * The secret of one development database: made once, readable by its owner only, so that tokens and recovery ids survive a
 * restart.
 *
 * @param path where it is kept
 * @param secret what is kept there
 * @param isNew whether this call made it
 */
record DevSecret(Path path, Secret secret, boolean isNew) {
    private static final Set<PosixFilePermission> OWNER_ONLY = Set.of(OWNER_READ, OWNER_WRITE);
    private static final String SQLITE = "jdbc:sqlite:";
    private static final Path ELSEWHERE = Path.of("data", "notify");

    /** Where the secret for a database is: beside its file, or under {@code data} if it has none here. */
    static Path pathFor(String databaseUrl, Path directory) {
        Path database = ELSEWHERE;
        if (databaseUrl.startsWith(SQLITE)) {
            database = Path.of(databaseUrl.substring(SQLITE.length()).replaceFirst("\\.db$", ""));
        }
        return directory
                .resolve(database.resolveSibling(database.getFileName() + ".secret"))
                .normalize();
    }

    /**
     * Reads the secret, or makes it.
     *
     * @throws ConfigurationException if neither can be done, or others could have read it
     */
    static DevSecret at(Path path, SecureRandom random) {
        try {
            Path directory = path.toAbsolutePath().getParent();
            if (directory != null && !Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
            return Files.exists(path) ? read(path) : make(path, random);
        } catch (IOException e) {
            throw ConfigurationException.of(
                    path.toString(), "cannot be read or made", "a directory to write in, or JWT_SECRET set");
        }
    }

    private static DevSecret make(Path path, SecureRandom random) throws IOException {
        byte[] bytes = new byte[Secret.MIN_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        // created with its permissions, not given them later: there is no moment in which others can open it
        try (SeekableByteChannel file = Files.newByteChannel(
                path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(path))) {
            file.write(ByteBuffer.wrap(secret.getBytes(StandardCharsets.US_ASCII)));
        }
        return new DevSecret(path, new Secret(secret), true);
    }

    private static DevSecret read(Path path) throws IOException {
        if (isPosix(path)) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            if (!OWNER_ONLY.containsAll(permissions)) {
                throw ConfigurationException.of(
                        path.toString(), PosixFilePermissions.toString(permissions), "rw-------");
            }
        }
        var secret = new Secret(Files.readString(path).strip());
        if (secret.bytes() < Secret.MIN_BYTES) {
            throw ConfigurationException.of(
                    path.toString(), secret.bytes() + " bytes", "at least 32 bytes; deleted, it is made anew");
        }
        return new DevSecret(path, secret, false);
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
