package io.notify.jwt;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.notify.Identity;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Compares a token that was verified before with one that is verified anew, for each algorithm. Also measures the hash, which
 * is part of the former, and the strict reading, which is part of the latter.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TokenBenchmark {
    private static final int TOKENS = 10_000;
    private static final String SECRET = "a secret of no less than 32 bytes, for measuring";
    private static final Duration LIFETIME = Duration.ofHours(12);

    private final String[] tokens = new String[TOKENS];
    private final JwtAuthenticator authenticator =
            JwtAuthenticator.builder().hmacSecret(SECRET).build();
    private final TokenHasher hasher = new TokenHasher();
    private final JwtVerification verification = new JwtVerification(null, null, Duration.ZERO, Clock.systemUTC());
    private Signed hs256;
    private Signed rs256;
    private Signed es256;

    /** A token and what it is verified with. */
    private record Signed(String token, Algorithm algorithm) {
        private static Signed with(Algorithm algorithm) {
            String token = JWT.create()
                    .withSubject("user-4711")
                    .withArrayClaim("roles", new String[] {"CUSTOMER"})
                    .withClaim("sid", "5b1f2c0e-8f2b-4a38-9a39-6f1f5f0f2c11")
                    .withIssuedAt(Instant.now())
                    .withExpiresAt(Instant.now().plus(LIFETIME))
                    .sign(algorithm);
            return new Signed(token, algorithm);
        }
    }

    @Setup
    public void sign() throws GeneralSecurityException {
        JwtIssuer issuer = JwtIssuer.hmac(SECRET);
        for (int i = 0; i < TOKENS; i++) {
            tokens[i] = issuer.mint(
                    "user-" + i, Set.of("CUSTOMER"), "5b1f2c0e-8f2b-4a38-9a39-" + (100_000_000_000L + i), LIFETIME);
            authenticator.authenticate(tokens[i]).toCompletableFuture().join();
        }
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPair rsaKey = rsa.generateKeyPair();
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair ecKey = ec.generateKeyPair();
        hs256 = Signed.with(HmacSecret.algorithm(SECRET.getBytes(StandardCharsets.UTF_8)));
        rs256 = Signed.with(Algorithm.RSA256((RSAPublicKey) rsaKey.getPublic(), (RSAPrivateKey) rsaKey.getPrivate()));
        es256 = Signed.with(Algorithm.ECDSA256((ECPublicKey) ecKey.getPublic(), (ECPrivateKey) ecKey.getPrivate()));
    }

    @Benchmark
    public Object known() {
        return authenticator.authenticate(tokens[ThreadLocalRandom.current().nextInt(TOKENS)]);
    }

    @Benchmark
    public Object hash() {
        return hasher.hash(tokens[ThreadLocalRandom.current().nextInt(TOKENS)]);
    }

    @Benchmark
    public Object parse() {
        return ParsedJwt.parse(hs256.token());
    }

    @Benchmark
    public Identity verifyHs256() {
        return verify(hs256);
    }

    @Benchmark
    public Identity verifyRs256() {
        return verify(rs256);
    }

    @Benchmark
    public Identity verifyEs256() {
        return verify(es256);
    }

    private Identity verify(Signed signed) {
        return verification.verify(ParsedJwt.parse(signed.token()), signed.algorithm());
    }
}
