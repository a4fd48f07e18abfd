package io.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.notify.LogUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that stops amid its transaction, as by SIGSTOP or a silent network, while it holds the head's lock. */
@Timeout(60)
class StaleNodeTest {
    @Test
    void itHoldsOthersUpForSecondsAndWhatItMeantToCommitNeverIs() throws Exception {
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
            wire.silenceBefore("INSERT INTO notification_logs");
            CompletableFuture<?> stuck = CompletableFuture.supplyAsync(() -> stale.append(Entries.own("ann", 5)));
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
