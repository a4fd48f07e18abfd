package io.notify.jwt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes tokens. Keeps a hash function for each thread, since looking one up is costly. Any thread. */
final class TokenHasher {
    private final ThreadLocal<MessageDigest> digests = ThreadLocal.withInitial(TokenHasher::sha256);

    TokenHash hash(String token) {
        ByteBuffer hash = ByteBuffer.wrap(digests.get().digest(token.getBytes(StandardCharsets.UTF_8)));
        return new TokenHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
