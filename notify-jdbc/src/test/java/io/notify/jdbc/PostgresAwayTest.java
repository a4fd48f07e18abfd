package io.notify.jdbc;

import static io.notify.jdbc.Entries.ANN;
import static io.notify.jdbc.Entries.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.notify.Appended;
import io.notify.LogUnavailableException;
import io.notify.Position;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;

class PostgresAwayTest {
    private static final Duration REFUSED_WITHIN = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private static void refusesInTime(JdbcNotificationLog log) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> log.append(List.of(Entries.own("ann"))))
                .isInstanceOf(LogUnavailableException.class)
                .hasMessageNotContainingAny("\n", "password");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(REFUSED_WITHIN);
    }

    @Test
    void aClosedPortIsSaidAtOnce() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        try (JdbcNotificationLog log = JdbcNotificationLog.builder()
                .url("jdbc:postgresql://localhost:" + port + "/postgres")
                .user("postgres")
                .build()) {
            long start = System.nanoTime();
            assertThatThrownBy(log::open).isInstanceOf(LogUnavailableException.class);
            refusesInTime(log);
            assertThat(log.isReachable(Duration.ofMillis(300))).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void aServerThatNeverAnswersDoesNotHoldAnyoneUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                JdbcNotificationLog log = JdbcNotificationLog.builder()
                        .url("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/postgres")
                        .user("postgres")
                        .build()) {
            refusesInTime(log);
            long start = System.nanoTime();
            assertThat(log.isReachable(Duration.ofMillis(300))).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(REFUSED_WITHIN);
        }
    }

    @Test
    void whileTheServerIsAwayEverythingIsRefusedInTimeAndAfterwardsItGoesOn() throws Exception {
        Postgres first = new Postgres(directory.resolve("data"), 0);
        int port = first.port();
        try (JdbcNotificationLog log =
                JdbcNotificationLog.builder().url(first.url()).build()) {
            log.open();
            assertThat(log.append(Entries.own("ann", 2))).hasOnlyElementsOfType(Appended.Stored.class);
            first.close();
            // long enough for Hikari's own pauses to have grown to seconds
            for (int i = 0; i < 6; i++) {
                refusesInTime(log);
            }
            assertThat(log.isReachable(Duration.ofMillis(200))).isFalse();

            try (Postgres second = new Postgres(directory.resolve("data"), port)) {
                assertThat(second.port()).isEqualTo(port);
                await().atMost(Duration.ofSeconds(3))
                        .ignoreException(LogUnavailableException.class)
                        .until(() -> log.append(List.of(Entries.own("ann"))).get(0) instanceof Appended.Stored);
                assertThat(log.isReachable(Duration.ofSeconds(1))).isTrue();
                assertThat(log.count(ANN, 0, 10, T0)).isEqualTo(3);
                assertThat(log.head().seq()).isEqualTo(3);
            }
        }
    }

    @Test
    void aSilentNetworkIsLikeNone() throws Exception {
        try (Postgres postgres = new Postgres();
                Wire wire = new Wire(postgres.port());
                JdbcNotificationLog log = JdbcNotificationLog.builder()
                        .url(postgres.url().replace(":" + postgres.port() + "/", ":" + wire.port() + "/"))
                        .build()) {
            log.open();
            log.append(Entries.own("ann", 2));
            wire.silence();
            refusesInTime(log);
            refusesInTime(log);
            wire.speak();
            await().atMost(Duration.ofSeconds(3))
                    .ignoreException(LogUnavailableException.class)
                    .until(() -> log.append(List.of(Entries.own("ann"))).get(0) instanceof Appended.Stored);
        }
    }

    @Test
    void aRowLockThatSomeoneHoldsIsNotWaitedForLong() throws Exception {
        try (Postgres postgres = new Postgres();
                JdbcNotificationLog log =
                        JdbcNotificationLog.builder().url(postgres.url()).build()) {
            log.open();
            try (Connection stuck = postgres.connect()) {
                stuck.setAutoCommit(false);
                stuck.createStatement().execute("SELECT * FROM notification_head FOR UPDATE");
                refusesInTime(log);
                stuck.rollback();
            }
            assertThat(log.append(List.of(Entries.own("ann"))).get(0)).isInstanceOf(Appended.Stored.class);
        }
    }

    @Test
    void aNodeThatStopsAmidATransactionHoldsNobodyUpAndWritesNothingOnWaking() throws Exception {
        try (Postgres postgres = new Postgres();
                JdbcNotificationLog other =
                        JdbcNotificationLog.builder().url(postgres.url()).build();
                Database stopped = new Database(
                        new DriverConnections(new Driver(), postgres.url(), new Properties(), true),
                        2,
                        Dialect.POSTGRESQL,
                        Duration.ofMillis(1_500),
                        new Secrets(postgres.url(), null))) {
            Position head = other.open();
            assertThatThrownBy(() -> stopped.write(handle -> {
                        Head.advance(handle, Dialect.POSTGRESQL, 1);
                        await().ignoreExceptions()
                                .until(() -> other.append(List.of(Entries.own("ann")))
                                                .get(0)
                                        instanceof Appended.Stored);
                        return Head.advance(handle, Dialect.POSTGRESQL, 1);
                    }))
                    .isInstanceOf(LogUnavailableException.class);
            assertThat(other.head()).isEqualTo(new Position(head.epoch(), head.seq() + 1));
        }
    }

    @Test
    void powerIsRefusedWhereTheServerDoesNotSync() throws Exception {
        try (Postgres postgres = new Postgres()) {
            postgres.execute("ALTER SYSTEM SET fsync = off");
            postgres.execute("SELECT pg_reload_conf()");
            try (JdbcNotificationLog log = JdbcNotificationLog.builder()
                    .url(postgres.url())
                    .durability(Durability.POWER)
                    .build()) {
                await().atMost(Duration.ofSeconds(5))
                        .untilAsserted(() -> assertThatThrownBy(log::open)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessage("durability: POWER, but the database has fsync = off (expected: on)"));
            }
        }
    }

    @Test
    void closingGivesBackEveryConnection() throws Exception {
        try (Postgres postgres = new Postgres()) {
            try (JdbcNotificationLog log =
                    JdbcNotificationLog.builder().url(postgres.url()).build()) {
                log.open();
                assertThat(postgres.connections()).isPositive();
            }
            // the server notices a closed connection a little later
            await().atMost(Duration.ofSeconds(5)).until(() -> postgres.connections() == 0);
        }
    }
}
