package io.notify.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.sun.net.httpserver.HttpServer;
import io.notify.AuthenticationException;
import io.notify.Authenticator;
import io.notify.Identity;
import io.notify.TestClock;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtAuthenticatorTest {
    private static final String SECRET = "a-secret-for-tests-of-32-bytes!!";
    private static final Algorithm HS256 = Algorithm.HMAC256(SECRET);
    private static KeyPair rsa;
    private static KeyPair otherRsa;
    private static KeyPair ec;

    private final TestClock clock = new TestClock();
    private final JwtAuthenticator hmac =
            JwtAuthenticator.builder().hmacSecret(SECRET).clock(clock).build();
    private HttpServer server;
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicReference<String> document = new AtomicReference<>("{\"keys\":[]}");
    private int status = 200;

    @BeforeAll
    static void makeKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        rsa = generator.generateKeyPair();
        otherRsa = generator.generateKeyPair();
        ec = ecKeys("secp256r1");
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.stop(0);
        }
    }

    // ---- who it is ----

    @Test
    void aGoodTokenSaysWhoItIs() {
        String token = JwtIssuer.hmac(SECRET)
                .withClock(clock)
                .mint("ann", Set.of("ADMIN", "SERVICE"), "s1", Duration.ofHours(1));

        assertThat(accepted(hmac, token))
                .isEqualTo(new Identity(
                        "ann", Set.of("ADMIN", "SERVICE"), "s1", clock.instant().plusSeconds(3600)));
    }

    @Test
    void rolesAndSessionMayStandUnderEitherName() {
        assertThat(accepted(hmac, good().withClaim("role", "A").sign(HS256)).roles())
                .containsExactly("A");
        assertThat(accepted(
                                hmac,
                                good().withArrayClaim("role", new String[] {"A", "B"})
                                        .sign(HS256))
                        .roles())
                .containsExactlyInAnyOrder("A", "B");
        assertThat(accepted(
                                hmac,
                                good().withClaim("roles", "A")
                                        .withClaim("role", "B")
                                        .sign(HS256))
                        .roles())
                .containsExactlyInAnyOrder("A", "B");
        assertThat(accepted(hmac, good().sign(HS256)).roles()).isEmpty();
        assertThat(accepted(hmac, good().withClaim("sessionId", "x").sign(HS256))
                        .sessionId())
                .isEqualTo("x");
        assertThat(accepted(hmac, good().withNullClaim("sid").sign(HS256)).sessionId())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'sub':7",
                "'sub':''",
                "'sub':null",
                "'sub':['ann']",
                "'sub':'a b'",
                "'sub':'a\\n'",
                "'sub':'a\\u202eb'",
                "'x':1",
                "'sub':'ann','role':7",
                "'sub':'ann','roles':['A',7]",
                "'sub':'ann','roles':{'A':true}",
                "'sub':'ann','roles':['']",
                "'sub':'ann','sid':7",
                "'sub':'ann','sessionId':[]",
                "'sub':'ann','sid':'a\\u0000'",
                "'sub':'ann','sub':'bob'",
                "'sub':'\\ud800'"
            })
    void oddClaimsAreRefused(String claims) {
        String payload = "{" + claims.replace('\'', '"') + ",\"exp\":" + (now() + 60) + "}";

        assertThat(refused(hmac, signed("{\"alg\":\"HS256\"}", payload))).isNotNull();
    }

    @Test
    void aSubjectHas255CharactersAtMost() {
        assertThat(accepted(hmac, good().withSubject("a".repeat(255)).sign(HS256))
                        .userId())
                .hasSize(255);
        refused(hmac, good().withSubject("a".repeat(256)).sign(HS256));
    }

    // ---- RFC 8725: algorithm and key are the configuration's ----

    @Test
    void algNoneIsRefused() {
        String payload = "{\"sub\":\"ann\",\"exp\":" + (now() + 60) + "}";
        for (String alg : List.of("none", "None", "NONE", "nOnE")) {
            String head = base64("{\"alg\":\"" + alg + "\",\"typ\":\"JWT\"}");
            refused(hmac, head + "." + base64(payload) + ".");
            refused(hmac, head + "." + base64(payload));
            refused(rs256(), head + "." + base64(payload) + ".");
        }
        refused(hmac, good().sign(Algorithm.none()));
    }

    @Test
    void hs256SignedWithTheRsaPublicKeyIsRefused() {
        for (byte[] secret : List.of(
                rsa.getPublic().getEncoded(),
                pem(rsa).getBytes(UTF_8),
                pem(rsa).strip().getBytes(UTF_8))) {
            assertThat(refused(rs256(), good().sign(Algorithm.HMAC256(secret))))
                    .hasMessage("the token's algorithm is not the configured one");
        }
    }

    @Test
    void otherAlgorithmsOfTheSameKeyAreRefused() {
        refused(hmac, good().sign(Algorithm.HMAC512(SECRET)));
        refused(rs256(), good().sign(Algorithm.RSA512(null, (RSAPrivateKey) rsa.getPrivate())));
        refused(rs256(), good().sign(es256Signer()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../../dev/null",
                "/dev/null",
                "k' OR '1'='1",
                "k;drop table keys",
                "a\u0000b",
                "a b",
                "x--",
                ""
            })
    void aKidWithAPathOrAQueryIsRefused(String kid) {
        refused(hmac, good().withKeyId(kid).sign(HS256));
        refused(rs256(), good().withKeyId(kid).sign(rs256Signer(rsa)));
        serve(jwk("k1", rsa));
        refused(jwks(), good().withKeyId(kid).sign(rs256Signer(rsa)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "[]", "{}", "['../../x']"})
    void aKidThatIsNoTextIsRefusedHoweverManyKeysThereAre(String kid) {
        String header = "{'alg':'HS256','kid':" + kid + "}";
        String payload = "{'sub':'ann','exp':" + (now() + 60) + "}";
        serve(jwk("k1", rsa));

        assertThat(refused(hmac, signed(json(header), json(payload))))
                .hasMessage("the token's kid is not a key's name");
        assertThat(refused(jwks(), signed(json(header), json(payload))))
                .hasMessage("the token's kid is not a key's name");
    }

    @Test
    void aKidOfNullIsNone() {
        String payload = "{'sub':'ann','exp':" + (now() + 60) + "}";

        accepted(hmac, signed(json("{'alg':'HS256','kid':null}"), json(payload)));
    }

    @Test
    void anOrdinaryKidIsNoMatter() {
        assertThat(accepted(hmac, good().withKeyId("2026-11_key.1").sign(HS256)).userId())
                .isEqualTo("ann");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jku", "x5u", "jwk", "x5c", "crit"})
    void aTokenThatBringsItsOwnKeyIsRefusedAndNothingIsFetched(String header) {
        serve(jwk("k1", rsa));
        Map<String, Object> headers = Map.of(header, address().toString(), "kid", "k1");

        refused(hmac, good().withHeader(headers).sign(HS256));
        refused(jwks(), good().withHeader(headers).sign(rs256Signer(rsa)));
        assertThat(fetches).hasValue(0);
    }

    @Test
    void aWrongSignatureIsRefused() {
        String token = good().sign(HS256);
        refused(hmac, good().sign(Algorithm.HMAC256("b" + SECRET.substring(1))));
        refused(hmac, token.substring(0, token.lastIndexOf('.') + 1));
        refused(hmac, token.substring(0, token.length() - 4) + "AAAA");
        refused(rs256(), good().sign(rs256Signer(otherRsa)));
        // ES256's all-zero signature, CVE-2022-21449
        String unsigned = good().sign(es256Signer());
        refused(
                JwtAuthenticator.builder()
                        .publicKey(ec.getPublic())
                        .clock(clock)
                        .build(),
                unsigned.substring(0, unsigned.lastIndexOf('.') + 1)
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]));
    }

    @Test
    void aPemKeyPinsItsOwnAlgorithm() {
        assertThat(accepted(rs256(), good().sign(rs256Signer(rsa))).userId()).isEqualTo("ann");
        JwtAuthenticator es256 =
                JwtAuthenticator.builder().publicKeyPem(pem(ec)).clock(clock).build();
        assertThat(accepted(es256, good().sign(es256Signer())).userId()).isEqualTo("ann");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "...", "a.b.c", "x", "e30.e30.", "e30.e30.e30", "\u0000", "💥.💥.💥"})
    void whatIsNoTokenIsRefused(String token) {
        refused(hmac, token);
    }

    @Test
    void oversizeAndDeepTokensAreRefused() {
        refused(hmac, "a".repeat(1_000_000));
        refused(hmac, signed("{\"alg\":\"HS256\"}", "[".repeat(5_000)));
        refused(hmac, signed("{\"alg\":\"none\",\"alg\":\"HS256\"}", "{\"sub\":\"ann\",\"exp\":" + (now() + 60) + "}"));
    }

    @Test
    void aRefusalNeverHoldsTheToken() {
        for (String payload :
                List.of("{canary", "{\"sub\":\"canary canary\",\"exp\":" + (now() + 60) + "}", "\"canary\"")) {
            AuthenticationException e = refused(hmac, signed("{\"alg\":\"HS256\"}", payload));
            assertThat(e).hasMessageNotContaining("canary").hasNoCause();
        }
    }

    // ---- RFC 7519: here and now ----

    @Test
    void aTokenWithoutAnEndIsRefused() {
        assertThat(refused(hmac, JWT.create().withSubject("ann").sign(HS256))).hasMessage("the token has no exp");
        refused(hmac, JWT.create().withSubject("ann").withNullClaim("exp").sign(HS256));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'soon'", "9223372036854775807", "1e300", "1e1000", "-1", "true", "[1]", "1795514400000"})
    void anEndThatIsNoTimeIsRefused(String exp) {
        refused(hmac, signed("{\"alg\":\"HS256\"}", "{\"sub\":\"ann\",\"exp\":" + exp.replace('\'', '"') + "}"));
    }

    @Test
    void anExpiredTokenIsRefused() {
        String token = good().withExpiresAt(clock.instant().plusSeconds(10)).sign(HS256);
        String again = good().withJWTId("2")
                .withExpiresAt(clock.instant().plusSeconds(10))
                .sign(HS256);
        clock.advance(Duration.ofSeconds(9));
        accepted(hmac, token);
        clock.advance(Duration.ofSeconds(1));

        assertThat(refused(hmac, token)).hasMessage("the token has expired");
        assertThat(refused(hmac, again)).hasMessage("the token has expired");
    }

    @Test
    void theSkewStretchesBothEnds() {
        JwtAuthenticator lenient = JwtAuthenticator.builder()
                .hmacSecret(SECRET)
                .clockSkew(Duration.ofSeconds(60))
                .clock(clock)
                .build();
        Instant now = clock.instant();

        Instant past = now.minusSeconds(59);
        assertThat(accepted(lenient, good().withExpiresAt(past).sign(HS256)).expiresAt())
                .isEqualTo(past);
        refused(lenient, good().withExpiresAt(now.minusSeconds(61)).sign(HS256));
        accepted(lenient, good().withNotBefore(now.plusSeconds(59)).sign(HS256));
        refused(lenient, good().withNotBefore(now.plusSeconds(61)).sign(HS256));
    }

    @Test
    void aTokenIsRefusedBeforeItsTime() {
        assertThat(refused(
                        hmac,
                        good().withNotBefore(clock.instant().plusSeconds(5)).sign(HS256)))
                .hasMessage("the token is not valid yet");
        accepted(hmac, good().withIssuedAt(clock.instant().plusSeconds(5)).sign(HS256));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'nbf':'soon'",
                "'nbf':[1]",
                "'iat':'now'",
                "'aud':7",
                "'aud':{}",
                "'aud':['a',{}]",
                "'aud':[['a']]"
            })
    void aClaimOfAnotherKindIsRefusedWhetherOrNotItIsAskedFor(String claim) {
        refused(hmac, signed(json("{'alg':'HS256'}"), json("{'sub':'ann','exp':" + (now() + 60) + "," + claim + "}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'iat':1795514400000",
                "'iat':-1",
                "'nbf':-1",
                "'nbf':null",
                "'aud':null",
                "'aud':[]",
                "'aud':['a','b']"
            })
    void aClaimThatSaysNothingAgainstTheTokenIsNoReason(String claim) {
        accepted(hmac, signed(json("{'alg':'HS256'}"), json("{'sub':'ann','exp':" + (now() + 60) + "," + claim + "}")));
    }

    @Test
    void aTokenForOthersIsRefused() {
        JwtAuthenticator ours = JwtAuthenticator.builder()
                .hmacSecret(SECRET)
                .issuer("https://issuer")
                .audience("notify")
                .clock(clock)
                .build();

        accepted(
                ours,
                good().withIssuer("https://issuer")
                        .withAudience("other", "notify")
                        .sign(HS256));
        assertThat(refused(
                        ours,
                        good().withIssuer("https://issuer")
                                .withAudience("other")
                                .sign(HS256)))
                .hasMessage("the token's aud is not the expected one");
        refused(ours, good().withIssuer("https://issuer").sign(HS256));
        refused(
                ours,
                good().withIssuer("https://issuer.evil").withAudience("notify").sign(HS256));
        refused(ours, good().withAudience("notify").sign(HS256));
    }

    // ---- configuration ----

    @Test
    void aShortSecretIsRefusedAndNotNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwtAuthenticator.builder().hmacSecret("hunter2"))
                .withMessage("JWT secret: 7 bytes (expected: >= 32 bytes)");
        assertThatIllegalArgumentException().isThrownBy(() -> JwtIssuer.hmac(new byte[31]));
    }

    @Test
    void thereIsExactlyOneSourceOfKeys() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwtAuthenticator.builder().build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwtAuthenticator.builder().hmacSecret(SECRET).publicKey(rsa.getPublic()));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        JwtAuthenticator.builder().publicKey(rsa.getPublic()).jwks(URI.create("https://host/keys")));
    }

    @Test
    void weakAndOtherKeysAreRefused() throws Exception {
        KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
        small.initialize(1024);
        KeyPair weak = small.generateKeyPair();
        KeyPair p384 = ecKeys("secp384r1");
        JwtAuthenticator.Builder builder = JwtAuthenticator.builder();

        assertThatIllegalArgumentException().isThrownBy(() -> builder.publicKeyPem(pem(weak)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.publicKeyPem(pem(p384)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.publicKeyPem("no key"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.jwks(URI.create("file:///etc/passwd")));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.clockSkew(Duration.ofSeconds(61)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.clockSkew(Duration.ofSeconds(-1)));
    }

    // ---- what is remembered ----

    @Test
    void aTokenSeenBeforeIsAnsweredAtOnceWithTheSameIdentity() {
        String token = good().sign(HS256);

        assertThat(accepted(hmac, token)).isSameAs(accepted(hmac, token));
        clock.advance(Duration.ofMinutes(6));
        Identity later = accepted(hmac, token);
        assertThat(later.userId()).isEqualTo("ann");
    }

    @Test
    void withoutAFetchTheAnswerIsThereWhenTheCallReturns() {
        assertThat(hmac.authenticate(good().sign(HS256)).toCompletableFuture()).isDone();
        assertThat(hmac.authenticate("x").toCompletableFuture()).isDone();
    }

    // ---- key sets ----

    @Test
    void aKeySetIsFetchedOnceForManyTokens() {
        serve(jwk("k1", rsa), jwk("k2", ec));
        JwtAuthenticator authenticator = jwks();

        for (int i = 0; i < 10; i++) {
            accepted(authenticator, good().withJWTId("r" + i).withKeyId("k1").sign(rs256Signer(rsa)));
            accepted(authenticator, good().withJWTId("e" + i).withKeyId("k2").sign(es256Signer()));
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void aTokenMayUseItsOwnKeyOnly() {
        serve(jwk("k1", rsa), jwk("k2", ec));
        JwtAuthenticator authenticator = jwks();

        refused(authenticator, good().withKeyId("k2").sign(rs256Signer(rsa)));
        refused(authenticator, good().withKeyId("k1").sign(rs256Signer(otherRsa)));
        refused(authenticator, good().sign(rs256Signer(rsa)));
        refused(
                authenticator,
                good().withKeyId("k1").sign(Algorithm.HMAC256(rsa.getPublic().getEncoded())));
    }

    @Test
    void aTokenWithoutAKidMayUseTheOnlyKey() {
        serve(jwk("k1", rsa));

        accepted(jwks(), good().sign(rs256Signer(rsa)));
    }

    @Test
    void unknownKidsCauseOneFetchInAnInterval() {
        serve(jwk("k1", rsa));
        JwtAuthenticator authenticator = jwks();
        accepted(authenticator, good().withKeyId("k1").sign(rs256Signer(rsa)));
        for (int i = 0; i < 20; i++) {
            refused(authenticator, good().withKeyId("unknown" + i).sign(rs256Signer(rsa)));
        }
        assertThat(fetches).hasValue(1);

        // the issuer has a new key now
        document.set(set(jwk("k1", rsa), jwk("k3", otherRsa)));
        clock.advance(Duration.ofSeconds(30));
        accepted(authenticator, good().withKeyId("k3").sign(rs256Signer(otherRsa)));
        assertThat(fetches).hasValue(2);
    }

    @Test
    void keysThatMayNotVerifyArePassedOver() {
        String rsaKey = jwk("x", rsa);
        for (String unusable : List.of(
                rsaKey.replace("{", "{\"use\":\"enc\","),
                rsaKey.replace("{", "{\"alg\":\"RS512\","),
                rsaKey.replace("{", "{\"key_ops\":[\"encrypt\"],"),
                "{\"kty\":\"oct\",\"kid\":\"x\",\"k\":\"AAAA\"}",
                "{\"kty\":\"RSA\",\"kid\":\"x\",\"n\":\"!\",\"e\":\"AQAB\"}",
                "7")) {
            JwtKeys keys = new JwksKeys(
                    () -> CompletableFuture.completedFuture(set(unusable).getBytes(UTF_8)),
                    Duration.ofSeconds(30),
                    clock);
            assertThat(keys.find("x").toCompletableFuture()).isCompletedExceptionally();
        }
    }

    @Test
    void knownKeysOutliveAnOutageForADay() {
        serve(jwk("k1", rsa));
        JwtAuthenticator authenticator = jwks();
        accepted(authenticator, token("1", Duration.ofDays(3)));
        server.stop(0);

        clock.advance(Duration.ofHours(23));
        accepted(authenticator, token("2", Duration.ofDays(3)));
        clock.advance(Duration.ofHours(2));
        refused(authenticator, token("3", Duration.ofDays(3)));
    }

    @Test
    void whatAnswersNoKeySetIsARefusal() {
        serve(jwk("k1", rsa));
        String token = good().withKeyId("k1").sign(rs256Signer(rsa));
        for (String bad : List.of(
                "", "<html>", "[]", "{\"keys\":7}", "{\"keys\":[]} x", " ".repeat(300_000) + set(jwk("k1", rsa)))) {
            document.set(bad);
            refused(jwks(), token);
        }
        document.set(set(jwk("k1", rsa)));
        status = 500;
        refused(jwks(), token);
        status = 200;
        accepted(jwks(), token);
    }

    // ---- the issuer ----

    @Test
    void theIssuerMintsNothingThatWouldBeRefused() {
        JwtIssuer issuer = JwtIssuer.hmac(SECRET).withClock(clock);

        assertThatIllegalArgumentException().isThrownBy(() -> issuer.mint("a b", Set.of(), null, Duration.ofHours(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> issuer.mint("a", Set.of(), null, Duration.ofMillis(999)));
        JwtAuthenticator strict = JwtAuthenticator.builder()
                .hmacSecret(SECRET)
                .issuer("i")
                .audience("a")
                .clock(clock)
                .build();
        String token = issuer.withIssuer("i").withAudience("a").mint("ann", Set.of(), null, Duration.ofHours(1));
        assertThat(accepted(strict, token).sessionId()).isNull();
    }

    // ---- tools ----

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static KeyPair ecKeys(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private JWTCreator.Builder good() {
        return JWT.create().withSubject("ann").withExpiresAt(clock.instant().plusSeconds(3600));
    }

    private String token(String id, Duration lifetime) {
        return good().withJWTId(id)
                .withKeyId("k1")
                .withExpiresAt(clock.instant().plus(lifetime))
                .sign(rs256Signer(rsa));
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private JwtAuthenticator rs256() {
        return JwtAuthenticator.builder().publicKeyPem(pem(rsa)).clock(clock).build();
    }

    private JwtAuthenticator jwks() {
        return JwtAuthenticator.builder().jwks(address()).clock(clock).build();
    }

    private static Algorithm rs256Signer(KeyPair keys) {
        return Algorithm.RSA256(null, (RSAPrivateKey) keys.getPrivate());
    }

    private static Algorithm es256Signer() {
        return Algorithm.ECDSA256(null, (ECPrivateKey) ec.getPrivate());
    }

    private static Identity accepted(Authenticator authenticator, String token) {
        try {
            return authenticator.authenticate(token).toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("refused", e);
        }
    }

    private static AuthenticationException refused(Authenticator authenticator, String token) {
        CompletableFuture<Identity> answer = authenticator.authenticate(token).toCompletableFuture();
        Throwable failure = catchThrowable(() -> answer.get(20, TimeUnit.SECONDS));
        assertThat(failure).isInstanceOf(ExecutionException.class);
        assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> {
            throw failure.getCause();
        });
        return (AuthenticationException) failure.getCause();
    }

    /** A token with any header and payload, rightly signed. */
    private static String signed(String header, String payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
            String content = base64(header) + "." + base64(payload);
            return content + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(content.getBytes(UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static String pem(KeyPair keys) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static String set(String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }

    private static String jwk(String kid, KeyPair keys) {
        if (keys.getPublic() instanceof RSAPublicKey key) {
            return "{\"kty\":\"RSA\",\"kid\":\"" + kid + "\",\"n\":\"" + base64(key.getModulus()) + "\",\"e\":\""
                    + base64(key.getPublicExponent()) + "\"}";
        }
        ECPublicKey key = (ECPublicKey) keys.getPublic();
        return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"" + kid + "\",\"x\":\""
                + base64(key.getW().getAffineX()) + "\",\"y\":\""
                + base64(key.getW().getAffineY()) + "\"}";
    }

    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
    }

    private void serve(String... keys) {
        if (server == null) {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            server.createContext("/keys", exchange -> {
                fetches.incrementAndGet();
                byte[] body = document.get().getBytes(UTF_8);
                exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                try (var out = exchange.getResponseBody()) {
                    out.write(body);
                }
            });
            server.start();
        }
        document.set(set(keys));
    }

    private URI address() {
        return URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/keys");
    }
}
