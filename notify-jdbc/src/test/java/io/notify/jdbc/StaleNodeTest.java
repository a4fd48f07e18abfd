package io.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.notify.LogEntry;
import io.notify.LogUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that stops amid its transaction, as by SIGSTOP or a silent network, while it holds the head's lock. */
@Timeout(60)
class StaleNodeTest {
    private static final String END = "the end of a long row";

    @ParameterizedTest(name = "before: {0}")
    @ValueSource(strings = {"INSERT INTO notification_logs", END})
    void itHoldsOthersUpForSecondsAndWhatItMeantToCommitNeverIs(String silent) throws Exception {
        try (Postgres postgres = new Postgres();
                Wire wire = new Wire(postgres.port());
                JdbcNotificationLog stale = JdbcNotificationLog.builder()
                        .url(postgres.url().replace(":" + postgres.port(), ":" + wire.port()))
                        .build();
                JdbcNotificationLog other =
                        JdbcNotificationLog.builder().url(postgres.url()).build()) {
            stale.open();
            other.open();
            stale.append(Entries.own("ann", 1));
            wire.silenceBefore(silent);
            List<LogEntry> rows = List.of(
                    Entries.own("ann"), Entries.own("ann", "{\"title\":\"" + "x".repeat(100_000) + END + "\"}"));
            CompletableFuture<?> stuck = CompletableFuture.supplyAsync(() -> stale.append(rows));
            await().until(wire::isSilent);

            await().atMost(Duration.ofSeconds(5))
                    .ignoreExceptionsMatching(LogUnavailableException.class::isInstance)
                    .until(() -> !other.append(Entries.own("ann", 1)).isEmpty());

            assertThat(other.head().seq()).isEqualTo(2);
            assertThatThrownBy(stuck::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(LogUnavailableException.class);
            wire.speak();
            await().ignoreExceptionsMatching(LogUnavailableException.class::isInstance)
                    .until(() -> !stale.append(Entries.own("ann", 1)).isEmpty());
            assertThat(other.head().seq()).isEqualTo(3);
            assertThat(other.read(Entries.ANN, 0, 10, Entries.T0).records()).hasSize(3);
        }
    }
}
