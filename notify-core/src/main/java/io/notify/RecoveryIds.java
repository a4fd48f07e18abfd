package io.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes recovery ids that need no memory: the session's id and a keyed hash (HMAC-SHA256, RFC 2104) over user and session,
 * so that only the user it was made for can show it. Any thread.
 */
final class RecoveryIds {
    private static final String ALGORITHM = "HmacSHA256";
    /** A session id of 255 characters, in base64, and the hash. */
    private static final int MAX_LENGTH = 1_100;
    /** Keeps these hashes apart from whatever else the same secret may sign. */
    private static final byte[] PURPOSE = "notify recovery id 2\n".getBytes(StandardCharsets.US_ASCII);

    /** Of each thread: the function is looked up among all of the JVM's, and made ready with the key, once. */
    private final ThreadLocal<Mac> macs;

    RecoveryIds(byte[] secret) {
        // a key of its own rather than words before each text, since a connect pays for each block that is hashed
        byte[] key = mac(secret).doFinal(PURPOSE);
        this.macs = ThreadLocal.withInitial(() -> mac(key));
    }

    /** The same user and session always get the same id. */
    String create(String userId, String sessionId) {
        byte[] session = sessionId.getBytes(StandardCharsets.UTF_8);
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(session) + "." + encoder.encodeToString(sign(userId, session));
    }

    /**
     * The session the id was made for, if it was made for this user.
     *
     * @param id unchecked
     */
    Optional<String> verify(String userId, String id) {
        if (id.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        int dot = id.indexOf('.');
        if (dot < 1) {
            return Optional.empty();
        }
        String session;
        try {
            session = new String(Base64.getUrlDecoder().decode(id.substring(0, dot)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        // made anew and compared whole, since base64 can spell the same bytes in several ways
        byte[] expected = create(userId, session).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, id.getBytes(StandardCharsets.UTF_8))
                ? Optional.of(session)
                : Optional.empty();
    }

    private byte[] sign(String userId, byte[] session) {
        byte[] user = userId.getBytes(StandardCharsets.UTF_8);
        Mac mac = macs.get();
        // the length in front keeps ("ab", "c") and ("a", "bc") apart
        mac.update((user.length + ":").getBytes(StandardCharsets.UTF_8));
        mac.update(user);
        return mac.doFinal(session);
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
