package io.notify.netty;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/** Makes socket ids of 120 random bits, which nobody can guess. Any thread. */
final class SocketIds implements Supplier<String> {
    private static final int BYTES = 15;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecureRandom random;

    SocketIds(SecureRandom random) {
        this.random = random;
    }

    @Override
    public String get() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return ENCODER.encodeToString(bytes);
    }
}
