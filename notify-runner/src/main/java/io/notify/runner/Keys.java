package io.notify.runner;

import io.notify.jwt.JwtIssuer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What this process signs with.
 *
 * @param signing the key of HS256 tokens; empty if somebody else issues them
 * @param recovery the key of recovery ids; empty means a random one that ends with the process
 * @param dev what of it dev mode made; empty if everything was configured
 */
record Keys(Optional<Secret> signing, Optional<Secret> recovery, Optional<DevSecret> dev) {
    private static final String ALGORITHM = "HmacSHA256";
    /** Keeps the derived key from being the key of anything else, now or later. */
    private static final String RECOVERY_LABEL = "io.notify recovery ids 1";

    /** Takes the keys from the configuration; in development a missing one comes from the database's own secret. */
    static Keys of(Configuration configuration, Path directory, SecureRandom random) {
        Configuration.SignIn signIn = configuration.signIn();
        Optional<DevSecret> dev =
                signIn.secret().isPresent() || signIn.isByKey() || configuration.environment() == Environment.PRODUCTION
                        ? Optional.empty()
                        : Optional.of(DevSecret.at(
                                DevSecret.pathFor(configuration.database().url(), directory), random));
        Optional<Secret> signing = signIn.secret().or(() -> dev.map(DevSecret::secret));
        return new Keys(signing, signIn.recoverySecret().or(() -> signing.map(Keys::recoveryKey)), dev);
    }

    /** What mints tokens that a server with this configuration lets in; empty if somebody else does that. */
    Optional<JwtIssuer> issuer(Configuration.SignIn signIn, Clock clock) {
        return signing.map(secret -> {
            JwtIssuer issuer = JwtIssuer.hmac(secret.value()).withClock(clock);
            JwtIssuer named = signIn.issuer().map(issuer::withIssuer).orElse(issuer);
            return signIn.audience().map(named::withAudience).orElse(named);
        });
    }

    private static Secret recoveryKey(Secret secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            byte[] key = mac.doFinal(RECOVERY_LABEL.getBytes(StandardCharsets.UTF_8));
            return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(key));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
