package io.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockBytesTest {
    @Test
    void anyNumberIsReadAsItWasWrittenAndSmallOnesAreOneByte() {
        long[] numbers = {0, 1, -1, 63, -64, 64, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (long number : numbers) {
            Varints.write(out, number);
        }
        Varints.Reader reader = new Varints.Reader(out.toByteArray());
        for (long number : numbers) {
            assertThat(reader.next()).isEqualTo(number);
        }
        assertThat(reader.hasMore()).isFalse();
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        Varints.write(small, -64);
        assertThat(small.size()).isEqualTo(1);
    }

    @Test
    void factsAreReadAsTheyWereWrittenWithHolesAndManyEvents() {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            Facts facts = new Facts();
            int events = 1 + random.nextInt(300);
            for (int offset = 0; offset < Blocks.SIZE; offset++) {
                if (random.nextInt(10) > 0) {
                    String event = random.nextInt(events) + "ü".repeat(random.nextInt(3));
                    facts.add(
                            offset,
                            event,
                            random.nextBoolean() ? "*" : "ann",
                            random.nextBoolean() ? "everyone" : null,
                            1_790_000_000_000L + random.nextInt(9_000));
                }
            }
            for (int removed = 0; removed < random.nextInt(90); removed++) {
                facts.remove(random.nextInt(Blocks.SIZE));
            }
            Facts read = Facts.read(facts.bytes());
            for (int offset = 0; offset < Blocks.SIZE; offset++) {
                assertThat(read.has(offset)).isEqualTo(facts.has(offset));
                if (facts.has(offset)) {
                    assertThat(read.events().get(read.event(offset)))
                            .isEqualTo(facts.events().get(facts.event(offset)));
                    assertThat(read.isShared(offset)).isEqualTo(facts.isShared(offset));
                    assertThat(read.isOwn(offset)).isEqualTo(facts.isOwn(offset));
                    assertThat(read.createdAt(offset)).isEqualTo(facts.createdAt(offset));
                }
            }
        }
    }

    @Test
    void theRowsOfOneEventTakeFewBytes() {
        Facts facts = new Facts();
        for (int offset = 0; offset < Blocks.SIZE; offset++) {
            facts.add(offset, "booking.created", "ann", null, 1_790_000_000_000L + offset * 40L);
        }
        assertThat(facts.bytes().length).isLessThan(3 * Blocks.SIZE);
    }

    @Test
    void theFirstDeliveryStandsAndIsReadAsItWasWritten() {
        Deliveries deliveries = new Deliveries();
        deliveries.add(9, 1_790_000_000_007L);
        deliveries.add(9, 1_790_000_000_003L);
        deliveries.add(9, 1_790_000_000_005L);
        deliveries.add(200, 1_790_000_000_003L); // no later than the one before
        deliveries.add(201, 1_789_999_999_000L); // before the one before
        Deliveries read = Deliveries.read(deliveries.bytes());
        for (int offset = 0; offset < Blocks.SIZE; offset++) {
            assertThat(read.at(offset)).isEqualTo(deliveries.at(offset));
        }
        assertThat(read.at(9)).isEqualTo(1_790_000_000_003L);
        assertThat(read.at(8)).isEqualTo(Deliveries.NEVER);
    }

    @Test
    void aTextIsFoundInAnyLetterCase() {
        assertThat(new Texts("needle").isIn("in the hay a NEEDLE")).isTrue();
        assertThat(new Texts("Needle").isIn("n ne need needl needle")).isTrue();
        assertThat(new Texts("GRÜN").isIn("ist grün")).isTrue();
        assertThat(new Texts("i̇stanbul").isIn("İSTANBUL")).isTrue();
        assertThat(new Texts("needles").isIn("needle")).isFalse();
        assertThat(new Texts("").isIn("")).isTrue();
    }
}
