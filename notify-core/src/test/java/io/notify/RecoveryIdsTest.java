package io.notify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryIdsTest {
    private final RecoveryIds ids = new RecoveryIds("a-key-for-tests-of-32-bytes-long".getBytes());

    @ParameterizedTest
    @ValueSource(strings = {"s1", "0b8f3c1e-7d0a-4c55-9a65-1c1d1e1f2a2b", "sitzung-ß-😀"})
    void theOwnersIdNamesTheSession(String session) {
        assertThat(ids.verify("ann", ids.create("ann", session))).contains(session);
    }

    @Test
    void theLongestSessionIdFits() {
        String session = "中".repeat(255);

        assertThat(ids.verify("ann", ids.create("ann", session))).contains(session);
    }

    @Test
    void theSameInputsGiveTheSameIdAndOthersAnother() {
        assertThat(ids.create("ann", "s1")).isEqualTo(ids.create("ann", "s1"));
        assertThat(ids.create("ann", "s1")).isNotEqualTo(ids.create("ann", "s2"));
        assertThat(ids.create("ab", "c").split("\\.")[1])
                .isNotEqualTo(ids.create("a", "bc").split("\\.")[1]);
    }

    @Test
    void anothersIdIsWorthNothing() {
        assertThat(ids.verify("bob", ids.create("ann", "s1"))).isEmpty();
        RecoveryIds otherKey = new RecoveryIds("b-key-for-tests-of-32-bytes-long".getBytes());
        assertThat(ids.verify("ann", otherKey.create("ann", "s1"))).isEmpty();
    }

    @Test
    void noCharacterCanBeChangedAddedOrLeftOut() {
        String id = ids.create("ann", "session-1");
        for (int i = 0; i < id.length(); i++) {
            for (char c : new char[] {'A', 'B', 'w', '_', '.', '=', '\u00e9'}) {
                String changed = id.substring(0, i) + c + id.substring(i + 1);
                if (!changed.equals(id)) {
                    assertThat(ids.verify("ann", changed)).as(changed).isEmpty();
                }
                assertThat(ids.verify("ann", id.substring(0, i) + c + id.substring(i)))
                        .isEmpty();
            }
            assertThat(ids.verify("ann", id.substring(0, i) + id.substring(i + 1)))
                    .isEmpty();
        }
        assertThat(ids.verify("ann", id + "=")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a", ".a", "a.", "!.!", "czE", "czE.", "\u0000", "💥.💥", "/w.AA"})
    void garbageIsWorthNothing(String id) {
        assertThat(ids.verify("ann", id)).isEmpty();
    }

    @Test
    void hugeInputIsWorthNothing() {
        assertThat(ids.verify("ann", "A".repeat(10_000_000))).isEmpty();
        assertThat(ids.verify("ann", "A".repeat(5_000_000) + "." + "A".repeat(5_000_000)))
                .isEmpty();
    }
}
