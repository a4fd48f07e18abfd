package io.notify.netty.engineio;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * Generates unique, unguessable ids of 144 random bits, as 24 characters of base64url. A session id must be unguessable,
 * since a client proves by it that the session is its own. Any thread.
 *
 * <p>Random bytes are drawn for many ids at once, because a draw costs more than an id.
 */
public final class SecretIds implements Supplier<String> {
    private static final int BYTES = 18;
    private static final int IDS_PER_DRAW = 128;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecureRandom random = new SecureRandom();
    private final byte[] drawn = new byte[BYTES * IDS_PER_DRAW];
    private int next = drawn.length;

    @Override
    public String get() {
        byte[] id;
        synchronized (this) {
            if (next == drawn.length) {
                random.nextBytes(drawn);
                next = 0;
            }
            id = Arrays.copyOfRange(drawn, next, next + BYTES);
            // Cleared, so that a heap dump does not show the ids in use.
            Arrays.fill(drawn, next, next + BYTES, (byte) 0);
            next += BYTES;
        }
        return ENCODER.encodeToString(id);
    }
}
