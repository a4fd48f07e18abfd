package io.notify.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void whatIsNotSaidHasTheDefaultOfWhatIsMeasured() {
        Plan unicast = Plan.parse("unicast");

        assertThat(unicast.wire()).isEqualTo(Wire.SOCKETIO);
        assertThat(unicast.window()).isEqualTo(64);
        assertThat(Plan.parse("broadcast").window()).isOne();
        assertThat(unicast.jvm()).isEmpty();
    }

    @Test
    void whatIsSaidIsTaken() {
        Plan plan = Plan.parse(
                "paced", "--clients=7", "--transport=sse", "--rate=5", "--durable", "--jvm=-XX:+UseG1GC,-Xmn64m");

        assertThat(plan.measure()).isEqualTo(Measure.PACED);
        assertThat(plan.wire()).isEqualTo(Wire.SSE);
        assertThat(plan.traffic()).isEqualTo(new Traffic(true, 7, 8, 5, true));
        assertThat(plan.jvm()).isEqualTo(List.of("-XX:+UseG1GC", "-Xmn64m"));
    }

    @Test
    void aSlipIsNamedWithWhatWasExpected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plan.parse("broadcats"))
                .withMessage(
                        "what to measure: broadcats (expected: one of [broadcast, unicast, paced, idle, connect])");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plan.parse("idle", "--clients=0"))
                .withMessage("--clients: 0 (expected: a whole number from 1 to 1000000)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plan.parse("idle", "--client=5"))
                .withMessage("options: [client] (expected: those that --help lists)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plan.parse("idle", "--durable=yes"))
                .withMessage("--durable: yes (expected: no value)");
    }
}
