package io.notify.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTDecodeException;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The library's own reader of tokens is the measure: whoever verifies must not notice which one was used. */
class StrictJwtTest {
    private static final Algorithm HS256 = Algorithm.HMAC256("a-secret-for-tests-of-32-bytes!!");
    private static final Instant NOW = Instant.ofEpochSecond(1_795_000_000);

    private final JwtVerification verification = new JwtVerification(null, null, Duration.ZERO, Clock.systemUTC());

    @Test
    void saysOfAFullTokenWhatTheLibrarySays() {
        agrees(full());
    }

    @Test
    void saysOfAnEmptyTokenWhatTheLibrarySays() {
        agrees(JWT.create());
    }

    @Test
    void aSecondTokenWithTheSameHeaderHasItsOwnClaims() {
        StrictJwt ann = verification.decode(full().withSubject("ann").sign(HS256));
        StrictJwt bob = verification.decode(full().withSubject("bob").sign(HS256));

        assertThat(ann.getHeader()).isEqualTo(bob.getHeader());
        assertThat(List.of(ann.getSubject(), bob.getSubject())).containsExactly("ann", "bob");
    }

    @Test
    void readsEachKindOfClaimAsTheLibraryDoes() {
        String token = full().sign(HS256);
        DecodedJWT theirs = JWT.decode(token);
        StrictJwt ours = verification.decode(token);

        assertThat(ours.getClaims().keySet()).isEqualTo(theirs.getClaims().keySet());
        for (String name : Set.of("sub", "exp", "flag", "count", "ratio", "list", "map", "nothing", "absent")) {
            Claim mine = ours.getClaim(name);
            Claim its = theirs.getClaim(name);
            assertThat(mine.isMissing()).as(name).isEqualTo(its.isMissing());
            assertThat(mine.isNull()).as(name).isEqualTo(its.isNull());
            assertThat(mine.asBoolean()).as(name).isEqualTo(its.asBoolean());
            assertThat(mine.asInt()).as(name).isEqualTo(its.asInt());
            assertThat(mine.asLong()).as(name).isEqualTo(its.asLong());
            assertThat(mine.asDouble()).as(name).isEqualTo(its.asDouble());
            assertThat(mine.asString()).as(name).isEqualTo(its.asString());
            assertThat(mine.asInstant()).as(name).isEqualTo(its.asInstant());
            assertThat(mine.asDate()).as(name).isEqualTo(its.asDate());
            assertThat(mine.asMap()).as(name).isEqualTo(its.asMap());
            assertThat(mine.asList(String.class)).as(name).isEqualTo(its.asList(String.class));
            assertThat(mine.asArray(String.class)).as(name).isEqualTo(its.asArray(String.class));
        }
        assertThat(ours.getClaim("count").as(Integer.class)).isEqualTo(7);
        assertThat(ours.getClaim("nothing").as(Integer.class)).isNull();
        assertThatExceptionOfType(JWTDecodeException.class)
                .isThrownBy(() -> ours.getClaim("sub").as(Integer.class))
                .withMessageNotContaining("ann");
    }

    private void agrees(JWTCreator.Builder builder) {
        String token = builder.sign(HS256);
        DecodedJWT theirs = JWT.decode(token);
        StrictJwt ours = verification.decode(token);

        assertThat(ours.getToken()).isEqualTo(theirs.getToken());
        assertThat(ours.getHeader()).isEqualTo(theirs.getHeader());
        assertThat(ours.getPayload()).isEqualTo(theirs.getPayload());
        assertThat(ours.getSignature()).isEqualTo(theirs.getSignature());
        assertThat(ours.getAlgorithm()).isEqualTo(theirs.getAlgorithm());
        assertThat(ours.getType()).isEqualTo(theirs.getType());
        assertThat(ours.getContentType()).isEqualTo(theirs.getContentType());
        assertThat(ours.getKeyId()).isEqualTo(theirs.getKeyId());
        assertThat(ours.getHeaderClaim("typ").asString())
                .isEqualTo(theirs.getHeaderClaim("typ").asString());
        assertThat(ours.getIssuer()).isEqualTo(theirs.getIssuer());
        assertThat(ours.getSubject()).isEqualTo(theirs.getSubject());
        assertThat(ours.getAudience()).isEqualTo(theirs.getAudience());
        assertThat(ours.getExpiresAt()).isEqualTo(theirs.getExpiresAt());
        assertThat(ours.getNotBefore()).isEqualTo(theirs.getNotBefore());
        assertThat(ours.getIssuedAt()).isEqualTo(theirs.getIssuedAt());
        assertThat(ours.getId()).isEqualTo(theirs.getId());
    }

    private static JWTCreator.Builder full() {
        return JWT.create()
                .withHeader(Map.of("cty", "text", "kid", "k1"))
                .withIssuer("https://issuer")
                .withSubject("ann")
                .withAudience("one", "two")
                .withExpiresAt(NOW)
                .withNotBefore(NOW)
                .withIssuedAt(NOW)
                .withJWTId("id")
                .withClaim("flag", true)
                .withClaim("count", 7)
                .withClaim("ratio", 1.5)
                .withArrayClaim("list", new String[] {"a", "b"})
                .withClaim("map", Map.of("a", 1))
                .withNullClaim("nothing");
    }
}
