package io.notify.jdbc;

import static io.notify.jdbc.Entries.ANN;
import static io.notify.jdbc.Entries.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.notify.Appended;
import io.notify.DeliveryStatus;
import io.notify.LogUnavailableException;
import io.notify.Position;
import java.io.BufferedReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2FileTest {
    @TempDir
    Path directory;

    private String url() {
        return "jdbc:h2:" + directory.resolve("log");
    }

    private JdbcNotificationLog.Builder builder() {
        return JdbcNotificationLog.builder().url(url()).user("sa").password("");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String query(String settings, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url() + settings, "sa", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    @Test
    void aFileWritesEachCommitAtOnceAndIsNotClosedByTheShutdownHook() {
        assertThat(H2Url.complete("jdbc:h2:./data/notify", Duration.ofMillis(1500)))
                .isEqualTo("jdbc:h2:./data/notify;LOCK_TIMEOUT=1500;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
        assertThat(H2Url.complete("jdbc:h2:file:/x;write_delay=10;LOCK_TIMEOUT=7", Duration.ofSeconds(1)))
                .isEqualTo("jdbc:h2:file:/x;write_delay=10;LOCK_TIMEOUT=7;DB_CLOSE_ON_EXIT=FALSE");
        assertThat(H2Url.complete("jdbc:h2:mem:x", Duration.ofSeconds(1))).isEqualTo("jdbc:h2:mem:x;LOCK_TIMEOUT=1000");
        assertThat(H2Url.complete("jdbc:postgresql://x/y", Duration.ofSeconds(1)))
                .isEqualTo("jdbc:postgresql://x/y");
    }

    @Test
    void theDatabaseRunsWithoutWriteDelay() throws Exception {
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            assertThat(query(
                            ";LOCK_TIMEOUT=1500",
                            "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'WRITE_DELAY'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void whatWasAnsweredSurvivesKill9() throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        url())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = "";
        try (BufferedReader answers = writer.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < 300; i++) {
                last = answers.readLine();
                assertThat(last).as("an answer of the writer").isNotNull();
            }
            writer.toHandle().destroyForcibly(); // which leaves what it said to be read
            // what it still said before it died counts too
            for (String line = answers.readLine(); line != null && line.endsWith("."); line = answers.readLine()) {
                last = line;
            }
        }
        Position acknowledged = Position.parse(last.substring(0, last.length() - 1));
        try (JdbcNotificationLog log = builder().build()) {
            Position head = log.open();
            assertThat(head.epoch()).isEqualTo(acknowledged.epoch());
            assertThat(head.seq()).isGreaterThanOrEqualTo(acknowledged.seq());
            assertThat(log.count(ANN, 0, Long.MAX_VALUE, T0)).isEqualTo(head.seq());
        }
    }

    @Test
    void aDatabaseThatClosedItselfIsOpenedAnew() throws Exception {
        try (JdbcNotificationLog log = builder().build()) {
            Position before = log.open();
            log.append(Entries.own("ann", 3));
            // what H2 does when the disk is full
            try (Connection connection =
                            DriverManager.getConnection(H2Url.complete(url(), Duration.ofMillis(1_500)), "sa", "");
                    Statement statement = connection.createStatement()) {
                statement.execute("SHUTDOWN IMMEDIATELY");
            }
            await().atMost(Duration.ofSeconds(5))
                    .ignoreException(LogUnavailableException.class)
                    .until(() -> log.append(Entries.own("ann", 1)).get(0) instanceof Appended.Stored);
            assertThat(log.head()).isEqualTo(new Position(before.epoch(), 4));
        }
    }

    @Test
    void rowsThatSomebodyDeletedByHandKeepNoOthersFromBeingPurged() throws SQLException {
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
        }
        execute("DELETE FROM notification_logs WHERE seq <= 3");
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            assertThat(log.purge(T0.plusSeconds(1), 3, T0)).isEqualTo(3);
            assertThat(log.purge(T0.plusSeconds(1), 3, T0)).isEqualTo(2);
            assertThat(log.count(ANN, 0, 10, T0)).isZero();
        }
    }

    @Test
    void powerSyncsEachBatch() {
        try (JdbcNotificationLog log = builder().durability(Durability.POWER).build()) {
            log.open();
            assertThat(log.append(Entries.own("ann", 3))).hasOnlyElementsOfType(Appended.Stored.class);
            assertThat(log.count(ANN, 0, 10, T0)).isEqualTo(3);
        }
    }

    @Test
    void timesAreStoredInUtcAndTheRequiredColumnsMeanWhatTheySay() throws Exception {
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            Position position =
                    ((Appended.Stored) log.append(List.of(Entries.own("ann"))).get(0)).position();
            log.recordDeliveries(List.of(new DeliveryStatus(position, T0.plusMillis(5), 2, null)));
            log.recordDeliveries(List.of(new DeliveryStatus(position, T0.plusMillis(9), 1, null)));
        }
        assertThat(query(
                        "",
                        "SELECT CONCAT_WS('|', user_id, event, payload, delivered, delivered_at, COALESCE(error, 'none'),"
                                + " created_at, connections) FROM notification_logs"))
                .isEqualTo("ann|booking.created|{\"title\":\"Hello\"}|TRUE|2026-07-01 12:00:00.128|none"
                        + "|2026-07-01 12:00:00.123|3");
    }

    @Test
    void theEpochIsKeptWhenNothingIsAmiss() {
        Position first;
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
            log.purge(T0.plusSeconds(1), 2, T0);
            first = log.head();
        }
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open()).isEqualTo(first);
            log.purge(T0.plusSeconds(1), 10, T0);
        }
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open()).isEqualTo(first);
        }
    }

    @Test
    void rowsMissingBelowTheHeadStartANewEpochOnce() throws Exception {
        Position before;
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
            before = log.head();
        }
        execute("DELETE FROM notification_logs WHERE seq > 3");
        Position after;
        try (JdbcNotificationLog log = builder().build()) {
            after = log.open();
            assertThat(after.epoch()).isNotEqualTo(before.epoch());
            assertThat(after.seq()).isEqualTo(5);
            // nor are they in an operator's sums any more
            assertThat(log.stats(T0, T0.plusSeconds(1)).total()).isEqualTo(3);
        }
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open()).isEqualTo(after);
        }
    }

    @Test
    void rowsBeyondTheHeadStartANewEpochBeyondThem() throws Exception {
        Position before;
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
            before = log.head();
        }
        execute("UPDATE notification_head SET seq = 2");
        try (JdbcNotificationLog log = builder().build()) {
            Position after = log.open();
            assertThat(after.epoch()).isNotEqualTo(before.epoch());
            assertThat(after.seq()).isEqualTo(5);
        }
    }

    @Test
    void anOlderCopyPutInItsPlaceStartsANewEpochOnce() throws Exception {
        Path file = directory.resolve("log.mv.db");
        Path copy = directory.resolve("copy");
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
        }
        Files.copy(file, copy);
        Position before;
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 2));
            before = log.head();
        }
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
        Position after;
        try (JdbcNotificationLog log = builder().build()) {
            after = log.open();
            assertThat(after.epoch()).isNotEqualTo(before.epoch());
            assertThat(after.seq()).isEqualTo(5);
        }
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open()).isEqualTo(after);
        }
    }

    @Test
    void aFileWithoutWhatStoodBesideItIsTakenAsItIs() throws Exception {
        Position before;
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
            before = log.head();
        }
        assertThat(Files.readString(directory.resolve("log.head")).strip()).isEqualTo(before.toString());
        Files.delete(directory.resolve("log.head"));
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open()).isEqualTo(before);
        }
    }

    @Test
    void whatWasAcknowledgedBeyondTheHeadIsForgottenWithTheEpoch() throws Exception {
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 5));
            log.acknowledge("ann", 5, T0);
            log.acknowledge("bob", 2, T0);
        }
        // as if the file had been restored from before the last rows, but for the acknowledgement
        execute("DELETE FROM notification_logs WHERE seq > 3");
        execute("UPDATE notification_head SET seq = 3");
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.renewEpoch();
            assertThat(log.acknowledged("ann")).hasValue(3);
            assertThat(log.acknowledged("bob")).hasValue(2);
        }
    }

    @Test
    void aHostMayRunTheScriptsItself() throws Exception {
        try (JdbcNotificationLog log = builder().migrate(false).build()) {
            assertThatThrownBy(log::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("table notification_head: missing (expected: the scripts of"
                            + " io/notify/jdbc/migration/h2 run, or migrate(true))");
        }
        Scripts.all("h2").stream().limit(1).forEach(this::run);
        try (JdbcNotificationLog log = builder().migrate(false).build()) {
            assertThatThrownBy(log::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("table notification_blocks: missing");
        }
        Scripts.all("h2").stream().limit(4).skip(1).forEach(this::run);
        try (JdbcNotificationLog log = builder().migrate(false).build()) {
            assertThatThrownBy(log::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("column notification_logs.place: missing");
        }
        Scripts.all("h2").stream().skip(4).forEach(this::run);
        try (JdbcNotificationLog log = builder().migrate(false).build()) {
            assertThat(log.open().seq()).isZero();
        }
    }

    private void run(String script) {
        try {
            execute(script);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSchemaWithOtherTablesIsNoObstacle() throws Exception {
        execute("CREATE TABLE bookings (id INT PRIMARY KEY)");
        try (JdbcNotificationLog log = builder().build()) {
            assertThat(log.open().seq()).isZero();
        }
        assertThat(query("", "SELECT COUNT(*) FROM bookings")).isEqualTo("0");
    }

    @Test
    void aHostsDataSourceIsUsedAndGivenBackAsItWas() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url() + ";WRITE_DELAY=0");
        config.setUsername("sa");
        config.setPassword("");
        config.setMaximumPoolSize(4);
        try (HikariDataSource hosts = new HikariDataSource(config)) {
            try (JdbcNotificationLog log =
                    JdbcNotificationLog.builder().dataSource(hosts).build()) {
                log.open();
                log.append(List.of(Entries.own("ann"), Entries.everyone()));
                assertThat(log.count(ANN, 0, 10, T0)).isEqualTo(2);
            }
            assertThat(hosts.isClosed()).isFalse();
            assertThat(hosts.getHikariPoolMXBean().getActiveConnections()).isZero();
            try (Connection connection = hosts.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(statement.getQueryTimeout()).isZero();
            }
        }
    }

    @Test
    void closingGivesBackEveryThreadAndTheFile() throws Exception {
        Set<String> before = threads();
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 3));
            log.isReachable(Duration.ofSeconds(1));
            assertThat(threads()).isNotEqualTo(before);
        }
        assertThat(threads()).isSubsetOf(before);
        try (FileChannel file = FileChannel.open(directory.resolve("log.mv.db"), StandardOpenOption.WRITE)) {
            // in this JVM a file that is still locked would throw
            assertThat(file.tryLock()).isNotNull();
        }
    }

    private static Set<String> threads() throws InterruptedException {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("notify-log") || thread.getName().startsWith("H2")) {
                thread.join(1_000); // one that ends is allowed to do so
            }
        }
        Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .collect(Collectors.toCollection(() -> names));
        return names;
    }

    @Test
    void keysAndNumbersAreFoundByTheirIndexes() throws Exception {
        try (JdbcNotificationLog log = builder().build()) {
            log.open();
            log.append(Entries.own("ann", 500));
        }
        assertThat(query(
                        "",
                        "EXPLAIN SELECT seq FROM notification_keys"
                                + " WHERE (sender, idempotency_key) IN (('a', 'b'), ('c', 'd'))"))
                .doesNotContain("tableScan");
        assertThat(query("", "EXPLAIN SELECT id FROM notification_logs WHERE seq < 100 ORDER BY seq DESC LIMIT 51"))
                .contains("index sorted");
    }
}
